command-exam = A mock exam, timed like the real one
key-exam = 🎓 Mock exams
list-more = … { $count ->
        [one] and one more line
       *[other] and { $count } more lines
    }

# Choosing
exam-menu = <b>Which mock exam?</b> In the whole paper, sections, times and points are those of the real exam.
exam-menu-none = There are not enough questions for a whole mock exam yet.
exam-missing-title = <b>Other exams still lack questions</b>
exam-missing = { $exam }: { $sections }
exam-missing-section = { $section }, { $have } of { $need }
exam-go-on = ▶ Back to your { $exam } mock exam
exam-info = <b>{ $exam }</b> · { $name }
exam-variants = Sit all of it, or practise one part.
exam-whole = Whole paper: { $count } questions, { $time }
exam-part = { $name }: { $count } questions, { $time }
exam-part-one = { $name }: one question, { $time }
exam-note = ℹ️ { $note }

# Rules
exam-rules = 🎓 <b>{ $exam }</b> · { $what }
exam-rules-section = { $number }. { $section }: { $count } in { $time }
exam-rules-section-free =
    { $number }. { $section }: { $count ->
        [one] one question
       *[other] { $count } questions
    }
exam-rules-scoring = <b>Points:</b> right { $right }, left blank { $blank }, wrong { $wrong }.
exam-rules-scoring-of = <b>{ $section }:</b> right { $right }, blank { $blank }, wrong { $wrong }{ $apart ->
        [yes] . Not part of the total.
       *[other] .
    }
exam-rules-guide =
    • Each section has its own clock: it starts when you tap “Start”, and the section closes by itself when time is up.
    • Inside a section you move as you like; once it is closed there is no way back, and time left over is lost.
    • While a section runs, quizzes, hints and explanations are closed, as in the real exam. The clock never stops, even if you leave.
    • Between sections you can take a break here, of up to 24 hours.
exam-rules-guide-paper =
    • There is one clock, { $time }, for all sections: it starts when you start the paper, which closes by itself when time is up.
    • You move between all questions as you like until you hand in.
    • While the paper runs, quizzes, hints and explanations are closed, as in the real exam. The clock never stops, even if you leave.
exam-rules-min = • It cannot be handed in during the first { $time }.
exam-begin = Go to the exam
exam-variant-full = whole paper
exam-back-to-list = ‹ Other mock exams

# Between sections
exam-ready = 🎓 <b>{ $exam }</b>
exam-next = <b>Next: { $section }</b>, { $questions ->
        [one] one question
       *[other] { $questions } questions
    } in { $time }.
exam-next-paper = <b>{ $questions } questions in { $time }.</b>
exam-start-hint = The clock starts when you tap the button. You can begin until { $until }.
exam-start = ▶ Start: { $section }
exam-start-paper = ▶ Start the paper
exam-closed-section = ✓ { $section }: done
exam-closed-time = ⏰ { $section }: time ran out
exam-leave-for-now = 🏠 Later
exam-give-up = Give up this exam
exam-give-up-sure = <b>Give up this mock exam?</b> You will see the result of what you did, but you cannot go back to it. It stays in the list as given up, and is left out of your trend.
exam-give-up-yes = Yes, give up
exam-give-up-no = No, back to the exam

exam-under-way = ⏰ <b>{ $exam }</b>: the clock is running, until { $until }.
exam-waiting = 🎓 <b>{ $exam }</b>: to be continued by { $until }.

# The paper
exam-head = <b>{ $section }</b> · { $number } of { $count } · ⏰ until { $until }
exam-head-flagged = ⚑ To check again
exam-flag = ⚑ Check again
exam-unflag = ⚑ Unflag
exam-clear = ✖ Clear
exam-hand-in = 🏁 Hand in
exam-home = 🏠 Leave
exam-passage = 📖 Read the passage
exam-passage-part = { $number } of { $count }
exam-grid = <b>{ $section }</b> · ⏰ until { $until }
exam-grid-figures = { $answered ->
        [one] One answer given
       *[other] { $answered } answers given
    } · { $blank } blank · ⚑ { $flagged } to check again
exam-grid-hint = ✓ answered, ⚑ to check again. Tap a number to go to its question.
exam-grid-back = ‹ To question { $number }
exam-sure = <b>Hand in { $section }?</b> Time left: { $time }. You lose it, and there is no going back.
exam-sure-blank =
    { $count ->
        [one] Blank: <b>one</b> (question { $numbers })
       *[other] Blank: <b>{ $count }</b> (questions { $numbers })
    }
exam-sure-all = Every question is answered.
exam-sure-flagged =
    { $count ->
        [one] ⚑ To check again: one (question { $numbers })
       *[other] ⚑ To check again: { $count } (questions { $numbers })
    }
exam-sure-yes = 🏁 Yes, hand in
exam-sure-no = ‹ No, go on
exam-notice-five-minutes = ⏰ <b>{ $minutes ->
        [one] One minute left.
        [5] Five minutes left.
       *[other] { $minutes } minutes left.
    }</b>
exam-notice-one-minute = ⏰ <b>Last minute!</b>
exam-notice-time-up = ⏰ <b>Time is up: the { $section } section is closed.</b> The answers you gave count.
exam-notice-time-up-paper = ⏰ <b>Time is up: the paper is closed.</b> The answers you gave count.
exam-notice-lapsed = 24 hours went by and the section was not started: the mock exam is closed, and the rest counts as left blank.

exam-why-time-up = ⏰ Time is up: this tap does not count.
exam-why-closed = This section is closed: there is no way back.
exam-why-not-yet = This section has not begun yet.
exam-why-too-early = You cannot hand in yet: you can from { $until }.
exam-why-another = You already have a mock exam under way: finish it or give it up.
exam-why-completed = This mock exam is over.

# Result
exam-result = 🎓 <b>{ $exam }</b> · { $what }
exam-result-total = <b>Points: { $score } out of { $maximum }</b>
exam-result-passed = ✅ <b>Passed</b>
exam-result-failed = ❌ <b>Not passed</b>
exam-result-abandoned = You gave this exam up: here is what you had done.
exam-result-lapsed = Closed because a section was not started within 24 hours.
exam-result-not-begun = Closed before it began: it is not kept in the list.
exam-result-section = <b>{ $section }</b>: { $score } out of { $maximum } points
exam-result-apart = <b>{ $section }</b>: { $score } out of { $maximum } points, not part of the total
exam-result-figures = ✓ { $right } · ✗ { $wrong } · blank { $blank } · ⏱ { $time }
exam-result-not-sat = section not sat
exam-rule-total = { $met ->
        [yes] ✓
       *[other] ✗
    } Total: { $limit } needed, you have { $value }
exam-rule-section = { $met ->
        [yes] ✓
       *[other] ✗
    } { $section }: { $limit } needed, you have { $value }
exam-rule-errors = { $met ->
        [yes] ✓
       *[other] ✗
    } Mistakes: { $limit } at most, you have { $value }
exam-destination = { $met ->
        [yes] ✓
        [no] ✗
       *[other] ·
    } { $name }: { $score } out of { $maximum }
exam-destinations = <b>With the universities' weights</b>
exam-key-debrief = 📉 Where the points went
exam-key-review = 🔎 Review the questions
exam-key-redo =
    { $count ->
        [one] ♻️ Redo the one wrong or blank
       *[other] ♻️ Redo the { $count } wrong or blank
    }
exam-key-again = 🎓 Another mock exam
exam-key-history = 📈 Trend

# Where the points went
exam-debrief = 📉 <b>Where the points went</b>
exam-debrief-sum = Maximum { $maximum }, your total { $total }. Points lost: <b>{ $lost }</b>.
exam-debrief-none = Not a point lost: a perfect paper.
exam-debrief-wrong =
    { $count ->
        [one] ✗ One wrong: −{ $points }
       *[other] ✗ { $count } wrong: −{ $points } ({ $each } each on average)
    }
exam-debrief-blank = ○ { $count ->
        [one] One left blank
       *[other] { $count } left blank
    }: −{ $points }
exam-debrief-unreached = … { $count ->
        [one] One never reached
       *[other] { $count } never reached
    }: −{ $points }
exam-debrief-sections = <b>By section</b>
exam-debrief-section = { $section }: −{ $points } ({ $parts })
exam-lesson = 🎲 <b>Is guessing worth it?</b>
exam-lesson-blind-zero = A blind guess among { $choices } answers is worth exactly 0 on average: the same as a blank.
exam-lesson-blind = A blind guess among { $choices } answers is worth { $value } points more on average than a blank.
exam-lesson-one = If you can rule one out, a guess is worth { $value } points on average: from there on it pays to answer.
exam-lesson-own =
    { $count ->
        [one] In your paper one question stayed unanswered: ruling out one answer, you would have gained { $worth } points on average.
       *[other] In your paper { $count } questions stayed unanswered: ruling out one answer in each, you would have gained { $worth } points on average.
    }
exam-lesson-rate = Right among the answers you gave: { $percent }%. Above { $limit }% it pays to answer.
exam-lesson-rate-low = Right among the answers you gave: { $percent }%. Below { $limit }% you lose points: leave it blank when you cannot rule anything out.

# Review
exam-review-head = <b>{ $section }</b> · question { $number }
exam-review-blank = ○ <b>Left blank</b> · ⏱ { $time }
exam-review-unreached = … <b>Never reached.</b>
exam-review-right = ✓ <b>Right:</b> { $points } { $count ->
        [one] point
       *[other] points
    } · ⏱ { $time }
exam-review-wrong = ✗ <b>Wrong:</b> { $points } points · ⏱ { $time }
exam-review-flagged = ⚑ You had flagged it
exam-pick-all = All
exam-pick-wrong = ✗ Wrong
exam-pick-blank = ○ Blank
exam-pick-flagged = ⚑ Flagged
exam-pick-this = • { $pick }
exam-back-to-result = ‹ Result

# History
exam-history = 🎓 <b>Your mock exams</b>, newest first.
exam-history-empty = You haven't finished a mock exam yet.
exam-history-entry = { $day } · { $exam } { $what } · { $score } out of { $maximum }
exam-history-entry-full = { $day } · { $exam } · { $score } out of { $maximum }
exam-history-chart = Percent of the maximum score: { $values }
exam-chart-title = { $exam }: percent of the maximum
exam-trend-up =
    { $points ->
        [one] { $exam }, since the time before: <b>+1</b> percentage point.
       *[other] { $exam }, since the time before: <b>+{ $points }</b> percentage points.
    }
exam-trend-down =
    { $points ->
        [one] { $exam }, since the time before: <b>−1</b> percentage point.
       *[other] { $exam }, since the time before: <b>−{ $points }</b> percentage points.
    }
exam-trend-same = { $exam }: the same as the time before.
exam-trend-abandoned = given up

error-not-allowed-exam-running = During the exam quizzes, hints and explanations are closed, as in the real one. The clock keeps running.
error-not-allowed-exam-question = This question is part of your mock exam: it opens again when you have finished it.
error-not-allowed-exam-unfinished = The result can be seen once the mock exam is over.
error-nothing-to-ask-exam = This mock exam lacks questions: { $section }, { $have } of { $need }.
key-exam-history = 🎓 Past mock exams
exam-rules-language = ℹ️ In Italian, as in the exam: { $sections }.
exam-rules-guide-one =
    • The clock starts when you tap “Start”; when time is up, the paper closes by itself.
    • You move between the questions as you like until you hand in.
    • Meanwhile quizzes, hints and explanations are closed, as in the real exam. The clock never stops, even if you leave.
exam-result-figures-unreached = ✓ { $right } · ✗ { $wrong } · blank { $blank } · never reached { $unreached } · ⏱ { $time }
exam-debrief-apart = Not part of the total, nor of this sum: { $sections }.
exam-lesson-free = { $sections }: a wrong answer costs nothing here, so never leave a blank.
exam-remark = I cannot help during the exam: answer with the buttons, or write the letter. Time left: { $time }.
