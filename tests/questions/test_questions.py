"""Every question: right answers pass in all forms, each known mistake gets its own words, nothing is changed."""

import re
from dataclasses import replace

import numpy as np
import pytest
from _all import ON_ANY_DATA, QUESTIONS, ask, each_question, each_wrong_answer, facts_of, made, right_makes
from _mutations import mutants

from course_utils.datasets import load_digits28
from course_utils.questions.engine import catalogue
from course_utils.questions.engine.functions import FunctionKind
from course_utils.questions.engine.models import ModelKind
from course_utils.questions.engine.values import ChoiceKind, ValueKind
from course_utils.questions.lesson_02.images import first_1000


def tensor(value):
    """Return a TensorFlow tensor of a value."""
    import tensorflow as tf

    return tf.constant(np.asarray(value))


def other_forms(values, value):
    """Return a right number or array in the forms in which students hand it over."""
    value = np.asarray(value)
    forms = [value.tolist(), value.astype(np.float64), value.astype(object), tensor(value)]
    if values.rtol >= 1e-5:
        forms += [value.astype(np.float32), tensor(value.astype(np.float32))]
    if values.scalar:
        forms += [value.item(), np.float64(value), value.reshape(1), [value.item()]]
    if values.signs == "rows":
        forms.append(value * np.where(np.arange(len(value)) % 2, 1, -1)[:, None])
    if values.signs == "columns":
        forms.append(value * np.where(np.arange(value.shape[1]) % 2, 1, -1))
    if values.signs == "all":
        forms.append(-value)
    return forms


def other_right_answers(question, make):
    """Return a right answer in the forms in which students hand it over."""
    kind, answer = question.kind, made(make)
    if isinstance(kind, ValueKind):
        return other_forms(kind.values, answer)
    if isinstance(kind, ChoiceKind):
        return [answer.upper(), f" ({answer}) "]
    if isinstance(kind, FunctionKind) and not question.slow:
        n_forms = len(other_forms(kind.returns, facts_of(question, make)["value"][0]))
        return [
            lambda *given, form=form: other_forms(kind.returns, np.asarray(answer(*given)))[form]
            for form in range(n_forms)
        ]
    return []


@each_question
def test_right_answers_pass(question):
    """The question's own and others that it knows, as they are and as lists, float32, tensors, with other signs."""
    for number, make in enumerate(right_makes(question)):
        verdict = question.judge(facts_of(question, make))
        assert (verdict.state, verdict.mistake) == ("passed", None), f"right {number}: {verdict}"
        for form, answer in enumerate(other_right_answers(question, make)):
            verdict = ask(question, answer)
            assert verdict.passed, f"right {number}, form {form}: {verdict}"


@each_wrong_answer
def test_each_wrong_answer_gets_its_own_words(question, wrong):
    """What is made for a mistake or a check is recognised as this one, and not as another."""
    verdict = question.judge(facts_of(question, wrong.make))
    assert verdict.mistake == wrong.name, verdict
    assert verdict.text == wrong.text
    assert not verdict.passed


@each_question
def test_each_check_fails_alone(question):
    """What is made for a check lacks this one property, and is otherwise as good as a right answer."""
    for check in question.checks:
        data = facts_of(question, check.make)
        assert data["state"] == "value", f"{check.name}: {data}"
        assert [other.name for other in question.checks if not other.holds(data["value"])] == [check.name]


@each_question
def test_nothing_can_be_left_out(question):
    """Without one of its checks or inputs, a question lets a wrong answer pass that it refuses with all of them."""
    for mutant in mutants(question):
        assert mutant.survivors(), f"{question.key} is as strict without its {mutant.name}"


@each_question
def test_remarks_are_for_right_answers(question):
    """An unexpected right answer passes, with words of its own; the expected ones get the praise."""
    for make in right_makes(question):
        assert question.judge(facts_of(question, make)).text == question.praise
    for remark in question.remarks:
        verdict = question.judge(facts_of(question, remark.make))
        assert (verdict.passed, verdict.text) == (True, remark.text)


@each_question
def test_there_is_more_than_one_way(question):
    """At least two right answers were found by other methods, except where the answer is a letter."""
    assert isinstance(question.kind, ChoiceKind) or len(question.also_right) >= 2


@each_question
def test_no_answer_is_no_mistake(question):
    """Three dots, None, a function that returns dots, and what the starter holds: your turn."""
    unanswered = [..., None, (..., ...)]
    if isinstance(question.kind, FunctionKind):
        unanswered.append(lambda *given: ...)
    if question.given is not None:
        unanswered.append(question.given())
    for answer in unanswered:
        verdict = ask(question, answer)
        assert verdict.state == "your turn", (answer, verdict)
        assert not verdict.passed


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if isinstance(q.kind, FunctionKind)], ids=lambda question: question.key
)
def test_a_function_that_only_prints(question):
    """It was worked on, so it is told what is missing."""
    verdict = ask(question, lambda *given: None)
    assert verdict.state == "not yet"
    assert "`return`" in verdict.text


@pytest.mark.parametrize("key", ["02.4", "04.4"])
def test_too_few_digits_are_no_other_mistake(key):
    """The right number, rounded, is called so, whatever mistake comes near it."""
    (question,) = (q for q in QUESTIONS if q.key == key)
    for digits in (2, 3):
        verdict = ask(question, float(f"{question.right():.{digits}g}"))
        assert verdict.passed or verdict.mistake == "rounded", verdict


def test_a_cosine_above_1():
    """Who leaves out `clip` in 04.1 gets nan for a subspace and itself, and is told."""
    (question,) = (q for q in QUESTIONS if q.key == "04.1")

    def unclipped(A, B):
        Q_A, Q_B = np.linalg.qr(A.T)[0], np.linalg.qr(B.T)[0]
        return np.degrees(np.arccos(np.linalg.svd(Q_A.T @ Q_B, compute_uv=False).min()))

    with np.errstate(invalid="ignore"):
        assert ask(question, unclipped).mistake == "arccos of more than 1"


@each_question
def test_hints_lead_on(question):
    """There are two or three; they differ, and end as sentences do."""
    wrong = (*question.mistakes, *question.checks)
    assert 2 <= len(question.hints) <= 3
    assert len(set(question.hints)) == len(question.hints)
    assert len({w.name for w in wrong}) == len(wrong)
    for text in (*question.hints, *(w.text for w in wrong), question.praise or "."):
        assert text.strip()[-1] in ".?!", text
    if not isinstance(question.kind, ChoiceKind):
        assert len(wrong) >= 3


def told(question):
    """Return whatever a student may read before the answer is right."""
    return [*question.hints, *(wrong.text for wrong in (*question.mistakes, *question.checks))]


@each_question
def test_no_text_gives_the_answer_away(question):
    """Neither the right number, rounded in any way, nor the right letter."""
    if isinstance(question.kind, ChoiceKind):
        letter = re.compile(rf"[\"'*`(]{question.right()}[\"'*`)]|\boption {question.right()}\b")
        assert not [text for text in told(question) if letter.search(text)]
    elif isinstance(question.kind, ValueKind) and question.kind.values.scalar:
        right = float(question.right())
        for text in told(question):
            for found in re.findall(r"\d[\d,]*\.?\d*(?:e-?\d+)?", text):
                number = float(found.replace(",", "").rstrip("."))
                near = any(np.isclose(number, x, rtol=0.02) for x in (abs(right), abs(100 * right)))
                assert not near, f"{found} is near to the answer: {text}"


@each_question
def test_answers_stay_as_they_are(question):
    """Right and wrong ones: `facts_of` compares each before and after."""
    for make in (*right_makes(question), *(wrong.make for wrong in (*question.mistakes, *question.checks))):
        assert facts_of(question, make)


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS if isinstance(q.kind, FunctionKind) and not q.kind.frozen],
    ids=lambda question: question.key,
)
def test_functions_get_copies(question):
    """One that overwrites its inputs changes nothing for the next."""

    def vandal(*given):
        result = question.right()(*given)
        for x in given:
            if isinstance(x, np.ndarray):
                x[...] = 0
        return result

    assert ask(question, vandal).passed
    assert ask(question, vandal).passed
    assert ask(question, question.right()).passed


@each_question
def test_a_question_has_its_cells(question):
    """A starter, a solution, and a check with commented lines for hint and solution."""
    (path,) = catalogue.EXERCISES.glob(f"{question.key[:2]}_*.py")
    number = int(question.key[3:])
    assert len(catalogue.cells_of(question.key, "starter")) == 1
    assert catalogue.cells_of(question.key, "solution")
    checks = [source for _, source in catalogue.cells(path) if source.startswith(f'check("{question.key}"')]
    key, edition = question.key, f", edition={question.edition}" if question.edition > 1 else ""
    assert checks == [f'check("{key}", answer_{number}{edition})\n# hint("{key}")\n# solution("{key}")']


@pytest.mark.on_any_data
@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.key in ON_ANY_DATA], ids=lambda question: question.key)
def test_it_never_looks_at_the_images(question, monkeypatch):
    """Neither for the right answer nor for a mistake, with nothing remembered from before."""

    def no_images():
        raise AssertionError(f"{question.key} loads the images: it does not belong to ON_ANY_DATA")

    answer = made(question.right)
    monkeypatch.setattr("course_utils.questions.engine.data.name_of_same_data", lambda: "none")
    monkeypatch.setattr("course_utils.questions.engine.data._load_once", no_images)
    other = replace(question, _made={})
    assert ask(other, answer).passed
    if not isinstance(question.kind, ModelKind):
        for wrong in (*question.mistakes, *question.checks):
            assert ask(other, wrong.make()).mistake == wrong.name


def test_whoever_asks_for_other_data_gets_them(monkeypatch):
    """Even where somebody holds the images of before, as this folder's tests do."""
    first_1000()
    monkeypatch.setenv("COURSE_DATA", "digits")
    np.testing.assert_array_equal(first_1000(), load_digits28().X_train[:1000])


def test_keys_count_up():
    """02.1, 02.2, ... in each lesson."""
    for lesson in catalogue.lessons():
        keys = list(catalogue.questions_of(lesson))
        assert keys == [f"{lesson}.{i}" for i in range(1, len(keys) + 1)]


def test_known_kinds():
    """Each kind is one that these tests treat."""
    assert all(isinstance(q.kind, ValueKind | FunctionKind | ChoiceKind | ModelKind) for q in QUESTIONS)
