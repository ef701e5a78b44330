"""What judges an answer: authors of questions import `course_utils.questions.authoring` instead."""
