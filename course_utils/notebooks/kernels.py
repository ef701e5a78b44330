"""Kernels that the course starts: `python3` is the Python that runs the command, whatever else is installed."""

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager

# The GNU C library would give each of TensorFlow's threads an arena of its own: 40 MB more in lesson 3. binder/ and
# deploy/ set the same for the kernels that they start.
FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}


class CourseKernels(KernelSpecManager):
    """Jupyter's search for kernels, except that nobody else's `python3` is taken for the course's own."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how a kernel is started; raises NoSuchKernel."""
        if kernel_name == NATIVE_KERNEL_NAME:
            start = get_kernel_dict(["--log-level=ERROR"])  # not about its sockets
            return KernelSpec(resource_dir=RESOURCES, env=FEW_ARENAS, **start)
        return super().get_kernel_spec(kernel_name)
