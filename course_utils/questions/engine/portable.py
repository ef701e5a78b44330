"""Keras models as data: what the grader can take over, since it runs no code of a student.

A model that is code (a subclass, a `Lambda`) is taken apart into the layers and `keras.ops` that it is made of, where
it is made of nothing else. The same is asked in a student's notebook, so that `check` can say beforehand what the
grader will not take.
"""

import contextlib
from collections.abc import Iterator

LAYERS = """
InputLayer Dense Activation Flatten Reshape Permute RepeatVector Dropout GaussianNoise GaussianDropout Concatenate Add
Subtract Multiply Average Maximum Minimum ActivityRegularization BatchNormalization LayerNormalization Identity
UnitNormalization ReLU LeakyReLU PReLU ELU Softmax Rescaling Conv1D Conv2D Conv2DTranspose MaxPooling2D AveragePooling2D
UpSampling2D GlobalAveragePooling2D ZeroPadding2D Cropping2D Functional Sequential Model DTypePolicy Zeros Ones Constant
RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal
LecunUniform Orthogonal L1 L2 L1L2 OrthogonalRegularizer NonNeg MaxNorm MinMaxNorm UnitNorm __keras_tensor__
"""
OPERATIONS = """
Relu Relu6 Sigmoid Softplus Softsign Silu LogSigmoid LeakyRelu HardSigmoid HardSilu HardTanh Elu Selu Gelu Celu Softmax
LogSoftmax Tanh Absolute Abs Add Subtract Multiply Divide TrueDivide Exp Expm1 Log Log1p Sqrt Rsqrt Square Power Maximum
Minimum Sin Cos Sinh Cosh Arctan Sign Negative Clip Where Mean Sum Max Min Matmul Dot Concatenate Stack Reshape
Transpose Squeeze ExpandDims Reciprocal Logaddexp Floor Ceil Round Greater Less GetItem Cast
ConvertToTensor
"""
MODULES = """
keras keras.layers keras.models keras.initializers keras.regularizers keras.constraints keras.src.models.functional
keras.src.models.sequential
"""
MODULES_OF_OPERATIONS = "keras.src.ops.nn keras.src.ops.numpy keras.src.ops.core keras.ops"
WHAT_TO_DO = "What to do: build it of Keras's own layers, by their names, or have it looked at"


class NotTakenError(ValueError):
    """A model holds what is not taken over, and cannot be judged; the message is for the student."""


def check_classes(config: dict) -> Iterator[object]:
    """Yield all that a model's configuration holds; NotTakenError where it names another class than Keras's own."""
    waiting = [config]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            _check_class(item)
            waiting += [value for name, value in item.items() if name != "compile_config"]
        elif isinstance(item, list | tuple):
            waiting += item
        yield item


def _check_class(item):
    if "class_name" not in item:
        return
    name, module = item["class_name"], item.get("module")
    known = module is None or module in MODULES.split()
    layer = name in LAYERS.split() and known and ">" not in str(item.get("registered_name"))
    operation = name in OPERATIONS.split() and module in MODULES_OF_OPERATIONS.split()
    if not (layer or operation):
        raise NotTakenError(
            f"the grader takes models built of Keras's own layers, and this one holds {str(name)[:40]!r}, which may be "
            f"any code. {WHAT_TO_DO}"
        )


def config_of(model) -> tuple[dict, list]:
    """Return a built model's configuration and weights, taken apart where it is code."""
    import keras

    with contextlib.suppress(Exception):  # it is made of more than Keras's own
        if plain := _taken_apart(model):
            config = keras.saving.serialize_keras_object(plain)
            all(True for _ in check_classes(config))
            return config, plain.get_weights()
    return keras.saving.serialize_keras_object(model), model.get_weights()


def refusal(model) -> str | None:
    """Return why the grader will not take a model, in a sentence; None where it will."""
    try:
        all(True for _ in check_classes(config_of(model)[0]))
    except NotTakenError as error:
        return str(error)
    except Exception:  # whatever a student's own class does when it is asked for its settings
        return f"the grader takes models built of Keras's own layers, and cannot read this one's settings. {WHAT_TO_DO}"
    return None


def _taken_apart(model):
    # a functional model of the same layers; None where there is no need. Raises whatever the student's code does
    import keras

    if not any(_is_code(layer) for layer in model._flatten_layers()):
        return None
    with _called_through(model):
        x = keras.Input(model.input_shape[1:] if hasattr(model, "input_shape") else _width(model))
        return keras.Model(x, model(x))


def _is_code(layer):
    import keras

    return not type(layer).__module__.startswith("keras.") or isinstance(layer, keras.layers.Lambda)


def _width(model):
    # of a subclass Keras knows no shape: its first kernel has one
    return (next(w.shape[0] for w in model.weights if len(w.shape) == 2),)


@contextlib.contextmanager
def _called_through(model):
    # Keras notes a layer that is called, and from its `call` what that does: for a while, calling a layer that is code,
    # or a model that may hold some, is the latter
    import keras

    layers = [layer for layer in model._flatten_layers() if _is_code(layer) or isinstance(layer, keras.Model)]
    classes = {type(layer) for layer in layers}
    before = {cls: cls.__dict__.get("__call__") for cls in classes}
    try:
        for cls in classes:
            cls.__call__ = lambda self, *given, **named: self.call(*given, **named)
        yield
    finally:
        for cls, call in before.items():
            if call is None:
                del cls.__call__
            else:
                cls.__call__ = call
