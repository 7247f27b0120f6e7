# The bot introduces itself
bot-description =
    I train you for the TOLC, one question at a time.
    Quizzes with hints and explanations, mistakes to go over, all here in the chat.
    Press START: the first question is ready.
bot-short-description = Your trainer for the TOLC, in the chat: quizzes, hints, explanations.

command-start = Begin
command-quiz = Choose a quiz
command-resume = Pick up where you were
command-pause = Stop the clock
command-stop = End the session and see how it went
command-history = Past quizzes, question by question
command-settings = Language, exam, profile
command-help = What I can do
command-privacy = What I keep about you

# Keys used everywhere
key-home = 🏠 Home
key-back = ‹ Back
key-quiz = 📝 Quiz
key-history = 🗂 History
key-settings = ⚙️ Settings

# Start
start-hello = 👋 Hi, I'm <b>Chiron</b>: I train you for your exam, one question at a time. Try this one.
start-again = We've met before. Where shall we begin?
start-i-am-parent = 👪 I'm a parent

home-title = <b>Where shall we pick up?</b>
home-exam = 🎯 Goal: <b>{ $exam }</b>
home-exam-day = 🎯 Goal: <b>{ $exam }</b>, { $day }
home-answers =
    { $count ->
        [one] You have answered <b>one</b> question so far.
       *[other] You have answered <b>{ $count }</b> questions so far.
    }
home-no-answers = You haven't answered any question yet: five are enough to begin.

ask-exam =
    Good start! Three questions about you, then we go on.

    <b>Which exam are you preparing for?</b>
ask-exam-unknown = I don't know yet
ask-date = <b>Which month is your { $exam }?</b> You can also write the date, for example 12/02/2027.
ask-date-unknown = I don't know when yet
ask-day = <b>Which day in { $month }?</b>
ask-birth =
    Last one: <b>what year were you born?</b> I ask only once, because under 14 some features need a parent.

    If your year isn't among the buttons, just write it.
ask-birth-rather-not = I'd rather not say

parent-hello =
    👪 Hello! Chiron trains students for their exam: real questions, hints before solutions, every mistake explained.

    You can forward the message with the link to your son or daughter: one tap is enough to begin. Meanwhile, feel free to try it yourself.
parent-forward =
    Hi! I found Chiron, which trains you for the TOLC here on Telegram, one question at a time and with explanations. The first question is ready: { $link }
parent-try = 📝 Try a quiz
parent-not = 🎒 I'm a student

# Quiz
quiz-menu = <b>What shall we practise?</b>
quiz-no-questions = There are no questions yet: whoever runs this bot needs to load some.
quiz-continue = ▶ Continue: { $mode }, { $done } of { $length }
quiz-continue-short = ▶ Continue the quiz ({ $done } of { $length })
quiz-mixed = 🔀 A bit of everything ({ $count })
quiz-targeted = 🎯 I choose the subject
quiz-mistakes = ♻️ My mistakes ({ $count })
quiz-choose-subject = <b>Which subject?</b> In brackets, how many questions there are.
quiz-choose-topic = <b>{ $topic }</b>: which topic?
quiz-whole-topic = All of { $topic } ({ $count })
quiz-topic = { $topic } ({ $count })
quiz-setup =
    <b>{ $what }</b>
    { $count ->
        [0] No questions at this difficulty: try another.
        [one] There is one question.
       *[other] There are { $count } questions. How many would you like?
    }
quiz-length = { $count }
quiz-difficulty = Difficulty: { $level }
difficulty-any = all
difficulty-easy = easy
difficulty-medium = medium
difficulty-hard = hard
mode-mixed = Mixed
mode-targeted = By subject
mode-mistakes = Mistakes
mode-deck = Deck

quiz-head = <b>{ $number } of { $length }</b> · { $topic }
quiz-tick = <i>More than one answer is right: tick the letters, then confirm.</i>
quiz-confirm = ✅ Confirm ({ $count })
quiz-write-number = ✍️ <i>Write the result in a message: 0.75 and 3/4 are both fine.</i>
quiz-write-word = ✍️ <i>Write the answer in a message.</i>
quiz-hint = 💡 Hint
quiz-hint-text = 💡 <b>Hint { $number } of { $count }.</b> { $hint }
quiz-skip = Skip
quiz-pause = ⏸ Pause
quiz-next = Next ▶
quiz-to-result = 🏁 How did it go?
quiz-resume = ▶ Resume
quiz-leave = 🏁 End the quiz
quiz-paused = ⏸ <b>Paused</b> at { $done } of { $length }. The clock is stopped: resume whenever you like.
already-passed = You've answered this one: it goes on below ⬇️


quiz-doubt = ⚑ This question is wrong
quiz-similar = 🔁 One more like this
quiz-similar-added = You'll find one like it at the end of the quiz.
quiz-report-key = ⚑ Report
quiz-doubt-sure = <b>Report this question?</b> This answer will no longer count in your results.
quiz-doubt-yes = ⚑ Yes, report it
quiz-doubt-no = No, it's fine

quiz-answer-or-remark = “{ $text }”: is that your <b>answer</b>, or were you just telling me? I haven't recorded anything yet.
quiz-my-answer = ✅ It's my answer: { $text }
quiz-just-talking = 💬 No, it isn't my answer
quiz-no-number = I can't read “{ $text }” as a number, and I haven't recorded anything. Write just the result, for example 0.75 or 3/4.
quiz-which-number = I'd rather not misread you: which number do you mean?
quiz-reading = { $value }

verdict-right = ✅ <b>Right!</b> +{ $xp } XP
verdict-wrong = ❌ <b>Not quite.</b>
verdict-why = <b>{ $letter }:</b> { $error }
verdict-why-typed = { $error }
verdict-solution = Right answer: <b>{ $answer }</b>
verdict-skipped = ⏭ <b>Skipped.</b>
verdict-voided = ⚑ <b>Reported.</b> This answer doesn't count in your results. Thank you!
verdict-written = You wrote: “{ $text }”
verdict-read-as = I read <b>{ $value }</b>
verdict-explanation = <b>Explanation</b>

quiz-result = 🏁 <b>{ $right } right out of { $answered }</b> · { $percent }%
quiz-result-empty = 🏁 <b>Quiz over.</b> No answer that counts.
quiz-result-time = ⏱ Time: { $time }
quiz-result-xp = ⭐ { $xp } XP
quiz-result-skipped = ⏭ { $count } skipped
quiz-result-stopped = Ended with { $count } to go
quiz-result-voided =
    ⚑ { $count ->
        [one] One reported, it doesn't count
       *[other] { $count } reported, they don't count
    }
quiz-tally = { $mark } { $topic }: { $right } of { $answered }
quiz-result-weak = <b>What now?</b> The spot to strengthen is <b>{ $topic }</b>: { $right } of { $answered }.
quiz-result-perfect = <b>All right.</b> Try a higher difficulty, or more questions.
quiz-redo-mistakes = ♻️ Redo the mistakes
quiz-train-topic = 🎯 Train: { $topic }
quiz-another = 📝 Another quiz
quiz-review = 🔎 Review the questions
quiz-back-to-result = ‹ Result

history-title = <b>Your quizzes</b>, newest first. Tap one to review its questions.
history-empty = You haven't finished a quiz yet.
history-quiz = { $day }, { $time } · { $mode } · { $right } of { $answered }

pause-nothing = There is nothing to pause.
resume-nothing = Nothing is waiting. Shall we begin a quiz?

stop-title = ⏹ <b>Session over.</b>
stop-figures =
    { $attempted ->
        [one] One question, { $right ->
            [0] not right
           *[other] right
        }
       *[other] <b>{ $right } of { $attempted }</b> right, { $percent }%
    }
stop-time = ⏱ { $total } in all, { $average } a question
stop-subjects = 📚 { $subjects }
stop-empty = ⏹ <b>Session over.</b> You didn't answer any question.
stop-nothing = No session is open.

remark = I can only talk in questions and exercises here: tap Quiz to practise. With /help you see everything I can do.
remark-greeting = 👋 Here I am! Whenever you like, we start again.
cannot-read = I can't read this: I understand written messages and buttons. With /help you see what I can do.
too-many-messages = You're faster than me! I kept the first messages and put the rest aside: wait for the reply, then write again what matters.

in-group = Lessons are one to one: write to me in private.
in-group-key = Open the chat

settings-title = ⚙️ <b>Settings</b>
settings-language = Language: { $language }
settings-role = Profile: { $role }
settings-exam = Exam: { $exam } · date: { $day }
settings-birth = Year of birth: { $year }
settings-zone = Time zone: { $zone }
settings-unknown = not told
settings-change-exam = 🎯 Change exam or date
settings-tell-birth = 🎂 Tell my year of birth
language-it = 🇮🇹 Italiano
language-en = 🇬🇧 English
role-student = student
role-parent = parent

help =
    <b>What I can do</b>

    /quiz – choose a subject, how many questions, how hard
    /resume – pick up where you were
    /pause – stop the clock
    /stop – end the session and see how it went
    /history – past quizzes, question by question
    /settings – language, exam, profile
    /privacy – what I keep about you

    Questions with letters are answered with the buttons, or by writing the letter. When a number or a word is asked for, write it in a message.
privacy =
    <b>What I keep, and why</b>

    • The number of your Telegram chat, language and time zone: to write to you.
    • The exam, its date and your year of birth, if you tell them: to train you well and to respect the rules for people under 14. They are what you declare; nobody checks them.
    • Your quiz answers, with the time and the hints used: for your results, and to go over your mistakes.

    I don't keep your name. Messages are erased from the log once answered, after 48 hours at the latest; the text of answers written in a quiz stays. No advertising, no sale of data. The data stays on the server of whoever runs this bot: for a copy, or to have it deleted, write to whoever recommended it to you or runs it.

apology = 😔 Something broke on my side, I'm sorry. What you had already done is safe. Try again, or press /resume; if it happens again, the number to report is <code>{ $reference }</code>.
error-not-found = This button is no longer valid: here is where you are.
error-not-allowed = This isn't allowed.
error-invalid-input = This value can't be used.
error-invalid-input-exam-date = This date can't be: it must be from today on, within five years.
error-invalid-input-birth-year = This year of birth doesn't look right: check it and try again.
error-changed-meanwhile = It changed in the meantime: try again.
error-limit-reached = You have reached a limit.
error-nothing-to-ask = There are no questions for this choice: change subject or difficulty.
error-refused = This can't be done.
