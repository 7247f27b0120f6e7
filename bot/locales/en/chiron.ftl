# The bot introduces itself
bot-description =
    I train you for the TOLC, one question at a time.
    Quizzes with hints and explanations, mock exams, mistakes to go over, all here in the chat.
    Press START: the first question is ready.
bot-short-description = Your trainer for the TOLC, in the chat: quizzes, hints, explanations.

command-start = The start page
command-quiz = Choose a quiz
command-resume = Pick up where you were
command-pause = Stop the clock
command-stop = Stop here and see how it went
command-history = Past quizzes and mock exams, question by question
command-settings = Language and profile
command-help = What I can do
command-privacy = What data I keep

# Keys used everywhere
key-home = 🏠 Home
key-back = ‹ Back
key-quiz = 📝 Quiz
key-history = 🗂 History
key-settings = ⚙️ Settings

# Start
start-hello =
    👋 Hi, I'm <b>Chiron</b>: I train you for the TOLC, one question at a time. { $count ->
        [one] Have a go at this one.
       *[other] To begin, a quiz of { $count } questions: here is the first.
    }
start-again = We've met before. Where shall we begin?
start-i-am-parent = 👪 I'm a parent

home-title = <b>What shall we do?</b>
home-exam = 🎯 Goal: <b>{ $exam }</b>
home-exam-day = 🎯 Goal: <b>{ $exam }</b>, { $day }
home-answers =
    { $count ->
        [one] You have answered <b>one</b> question so far
       *[other] You have answered <b>{ $count }</b> questions so far
    } · ⭐ { $xp } XP
home-no-answers = You haven't answered any questions yet: five are enough to begin.

ask-exam = <b>Which exam are you preparing for?</b>
ask-exam-unknown = I don't know yet
ask-date = <b>Which month is your { $exam } in?</b> You can also write the exact date, for example 28/02/2027 or 28 February.
ask-date-unknown = I don't know when yet
ask-day = <b>Which day in { $month }?</b>
noted-day = 📅 Date noted: <b>{ $day }</b>
ask-birth =
    <b>What year were you born?</b> I'll only ask once, and you won't be able to change it later. Under 14, the AI mentor needs a parent's consent, which cannot be given here yet: until then, the question archive answers.

    If your year isn't among the buttons, just write it.
ask-birth-rather-not = I'd rather not say

parent-hello =
    👪 Hello! Chiron prepares students for their exam with original questions modelled on the TOLC: hints first, then solutions, and every mistake explained.

    “Message to forward” gives you a ready-made message for your son or daughter, who needs just one tap to begin. In the meantime, you can try a quiz. For now, answers are seen only by the person who gives them.
parent-forward =
    Hi! I found Chiron, which trains you for the TOLC here on Telegram, one question at a time and with explanations. The first question is ready: { $link }
parent-try = 📝 Try a quiz
parent-not = 🎒 I'm here to study

# Quiz
quiz-menu = <b>What shall we practise?</b>
quiz-no-questions = There are no questions yet: whoever runs this bot needs to load some.
quiz-continue = ▶ Continue: { $what }, { $number } of { $length }
quiz-continue-short = ▶ Continue: question { $number } of { $length }
quiz-mixed = 🔀 A bit of everything
quiz-targeted = 🎯 Choose a subject
quiz-mistakes = ♻️ My mistakes ({ $count })
quiz-choose-subject = <b>Choose a subject</b> (in brackets, the number of questions).
quiz-choose-topic = <b>{ $topic }</b>: which topic?
quiz-whole-topic = All of { $topic } ({ $count })
quiz-topic = { $topic } ({ $count })
quiz-setup =
    <b>{ $what }</b>
    { $count ->
        [0] No questions at this difficulty: choose another.
        [one] There is only one question.
       *[other] There are { $count } questions. How many would you like?
    }
quiz-length = { $count }
quiz-difficulty = 🎚 Difficulty: { $level }
difficulty-any = any
difficulty-easy = easy
difficulty-medium = medium
difficulty-hard = hard
mode-mixed = A bit of everything
mode-targeted = By subject
mode-mistakes = Mistakes
mode-deck = Deck

quiz-head = <b>{ $number } of { $length }</b> · { $topic }
quiz-tick = <i>More than one answer is right: tick the letters, then confirm.</i>
quiz-confirm = ✅ Confirm ({ $count })
quiz-write-number = ✍️ <i>Write the result in a message (for example 12, 0.75 or 3/4).</i>
quiz-write-word = ✍️ <i>Write the answer in a message: I'll ask you to confirm it.</i>
quiz-hint = 💡 Hint
quiz-hint-text = 💡 <b>Hint { $number } of { $count }.</b> { $hint }
quiz-skip = Skip
quiz-pause = ⏸ Pause
quiz-next = Next ▶
quiz-to-result = 🏁 How did it go?
quiz-resume = ▶ Resume
quiz-leave = 🏁 End the quiz
quiz-paused = ⏸ <b>Paused</b>: { $what }, question { $number } of { $length }. The clock is stopped: resume whenever you like.
passed-answered = You've answered this one: look further down ⬇️
passed-skipped = You've already skipped this one: look further down ⬇️
passed-closed = This quiz is closed: it can no longer be answered.
passed-paused = This quiz is paused: resume it to go on ⬇️
passed-rewritten = You wrote something else after that: your latest message is below ⬇️
passed-unticked = Tick at least one letter first.
passed-ahead = The quiz hasn't got here yet: look further down ⬇️

quiz-doubt = ⚑ Report a mistake
quiz-similar = 🔁 Add one like this
quiz-similar-added = Done: you'll find another question on the same topic at the end of the quiz.
quiz-report-key = ⚑ Report
quiz-doubt-sure = <b>Is there a mistake in this question?</b> If you report it, your answer won't count in the result.
quiz-doubt-yes = ⚑ Yes, report it
quiz-doubt-no = No, it's fine

quiz-answer-or-remark = Is “{ $text }” your <b>answer</b>? It doesn't count until you confirm.
quiz-my-answer = ✍️ Yes: { $text }
quiz-just-talking = ↩️ No, back to the question
quiz-no-number = I can't read “{ $text }” as a number, so it doesn't count. Write just the result, for example 12, 0.75 or 3/4.
quiz-which-number = I'd rather not misread you: which number do you mean?
quiz-reading = { $value }

verdict-right = ✅ <b>Right!</b> +{ $xp } XP
verdict-wrong = ❌ <b>That's not right.</b>
verdict-why = <b>{ $letter }:</b> { $error }
verdict-why-typed = { $error }
verdict-solution =
    { $count ->
        [one] Right answer: <b>{ $answer }</b>
       *[other] Right answers: <b>{ $answer }</b>
    }
verdict-skipped = ⏭ <b>Skipped.</b>
verdict-voided = ⚑ <b>Reported.</b> This answer doesn't count in your results. Thank you!
verdict-written = You wrote: “{ $text }”
verdict-read-as = I read <b>{ $value }</b>
verdict-explanation = <b>Explanation</b>

quiz-result = 🏁 <b>{ $right } out of { $length }</b>
quiz-result-empty = 🏁 <b>Quiz over.</b> You gave no answer that counts.
quiz-result-time = ⏱ Time: { $time }
quiz-result-xp = ⭐ { $xp } XP
quiz-result-skipped = { $count } skipped
quiz-result-voided =
    ⚑ { $count ->
        [one] One question reported: it doesn't count
       *[other] { $count } questions reported: they don't count
    }
quiz-tally = • { $topic }: { $what }
quiz-tally-right = { $right } right out of { $answered }
quiz-result-weak = <b>What now?</b> Worth going over: <b>{ $topic }</b>.
quiz-result-perfect =
    { $count ->
        [one] <b>Right!</b> Now try a longer quiz.
       *[other] <b>Every answer right.</b> Try a higher difficulty, or more questions.
    }
quiz-redo-mistakes =
    { $count ->
        [one] ♻️ Redo the mistake
       *[other] ♻️ Redo the { $count } mistakes
    }
quiz-train-topic = 🎯 Practise: { $topic }
quiz-another = 📝 Another quiz
quiz-review = 🔎 Review
quiz-back-to-result = ‹ Result

history-title = <b>Your quizzes</b>, newest first. Tap one to review its questions.
history-empty = You haven't finished a quiz yet.
history-quiz = { $day } · { $what } · { $right } of { $length }
history-quiz-empty = { $day } · { $what } · no answer that counts

pause-nothing = You have no quiz under way.
resume-nothing = Nothing is on hold. Shall we begin a quiz?

stop-title =
    ⏹ <b>That's it for now.</b> Here is how this session went{ $quizzes ->
        [0] {""}
        [one] {" "}(one quiz)
       *[other] {" "}({ $quizzes } quizzes)
    }:
stop-exams =
    🎓 { $count ->
        [one] One mock exam
       *[other] { $count } mock exams
    }{ $quizzes ->
        [0] {""}
        [one] {" and one quiz"}
       *[other] {" and "}{ $quizzes } quizzes
    }
stop-figures =
    { $attempted ->
        [one] One answer, { $right ->
            [0] not right
           *[other] right
        }
       *[other] <b>{ $right } right out of { $attempted }</b> · { $percent }%
    }
stop-time =
    ⏱ { $attempted ->
        [one] { $total } to answer
       *[other] { $total } on the answers you gave, { $average } each
    }
stop-subjects = 📚 { $subjects }
stop-empty = ⏹ <b>That's it for now.</b> You didn't answer any questions.
stop-voided =
    ⏹ <b>That's it for now.</b> { $count ->
        [one] There is one answer in this session, and you reported it: it doesn't count.
       *[other] There are { $count } answers in this session, and you reported them all: they don't count.
    }
stop-nothing = Nothing is under way.

remark = I didn't get that: what are you stuck on? Otherwise /quiz starts a quiz; /help shows everything I can do.
remark-parent = I can't chat, and there is no summary for parents yet: for now, answers are seen only by the person who gives them. You can forward the invitation to your son or daughter, or try a quiz.
remark-parent-greeting = 👋 Hello! You can forward the invitation to your son or daughter, or try a quiz.
remark-greeting = 👋 Hi! We can begin whenever you like.
cannot-read = I can't read files, videos or stickers. You can write, use the buttons or send a photo of an exercise.
too-many-messages = Too fast for me! I kept the first messages and put the rest aside: after my reply, just resend what matters.

in-group = Lessons are one to one: see you in the private chat.
in-group-key = Open the chat

settings-title = ⚙️ <b>Settings</b>
settings-language = Language: { $language }
settings-role = Profile: { $role }
settings-exam = Exam: { $exam } · Date: { $day }
settings-birth = Year of birth: { $year }
settings-birth-fixed = Year of birth: { $year } (can't be changed)
settings-zone = Time zone: { $zone }
settings-unknown = not set
settings-change-exam = 🎯 Change exam or date
settings-tell-birth = 🎂 Year of birth
language-it = 🇮🇹 Italiano
language-en = 🇬🇧 English
role-student = student
role-parent = parent

help =
    <b>What I can do</b>

    /quiz – choose a subject, number of questions and difficulty
    /exam – a mock exam with real times and marking
    /mentor – the mentor: explains, gives hints, looks at a photo of an exercise
    /new – start a new conversation with the mentor
    /cost – what the mentor has cost
    /resume – pick up where you were
    /pause – stop the clock of a quiz
    /stop – stop here and see how it went
    /history – past quizzes and mock exams, question by question
    /settings – language, exam, profile
    /privacy – what data I keep

    Questions with letters are answered with the buttons or by writing the letter; if more than one answer is right, tick the letters and tap Confirm. When a number or a word is asked for, write it in a message: I'll ask you to confirm a word, unless you write it as a reply to the question.

    Anything else you write goes to the mentor, who helps you find the way without handing you the solution.

    A right answer is worth 10 to 18 XP, depending on the difficulty; each hint takes 3 off, but never below 4. Wrong answers lose no XP.
help-parent =
    <b>What I can do</b>

    “Message to forward” gives you an invitation for your son or daughter: one tap begins the first quiz. With “Try a quiz” you can see for yourself how it works.

    There is no summary for parents yet: for now, answers are seen only by the person who gives them.

    /start – the start page
    /settings – language and profile
    /privacy – what data I keep
privacy =
    <b>What data I keep, and why</b>

    • The Telegram chat ID, language, time zone and profile (student or parent): to write in the right way.
    • The exam, its date and the year of birth, if given. They are as stated; nobody checks them.
    • Answers in quizzes and mock exams, with the time and the hints used, and the mistakes reported: for the results, and to go over what went wrong.
    • Conversations with the mentor, for 90 days, and what they cost. If whoever runs this bot has connected an AI, messages, photos and voice messages for the mentor go to its service. I add no names and no Telegram IDs; what is written goes as it is (I take out e-mail addresses and phone numbers): better keep personal data out of it. Photos and voice messages are not kept.

    I don't keep names. Of other messages I keep no copy once they are answered, at the latest after 48 hours (in the chat they stay); the text of answers written in quizzes stays. No advertising, no sale of data. Everything is on the server of whoever runs this bot and, like any chat, passes through Telegram.

    ✉️ <b>Who to write to</b> for a copy of the data, to have it deleted, or with a question: the person or school that runs this bot.

apology = 😔 Something went wrong on my side, I'm sorry. What you've already done is safe. Try again or tap /resume; if it happens again, the number to report is <code>{ $reference }</code>.
error-not-found = This button is no longer valid: here is where you are.
error-not-allowed = This isn't allowed.
error-invalid-input = This value can't be used.
error-invalid-input-exam-date = This date can't be used. Choose one from today on, within five years, for example 28/02/2027.
error-invalid-input-no-such-day = There is no such day: check the day and the month, for example 28/02/2027.
error-invalid-input-birth-year = This year of birth doesn't look right: check it and try again.
error-changed-meanwhile = Something changed in the meantime: try again.
error-limit-reached = A limit has been reached.
error-nothing-to-ask = There are no questions for this choice: try another subject or difficulty.
error-refused = This can't be done.
home-days-left =
    { $count ->
        [one] (tomorrow!)
       *[other] (in { $count } days)
    }
ask-first = Now that you're off, a few quick questions about you: then back to the quiz.
parent-message = ✉️ Message to forward
quiz-begin = ▶ Begin ({ $count })
quiz-back-to-question = ↩️ Back to the question
verdict-missed = Missing: <b>{ $letters }</b>
quiz-result-right = { $count } right
quiz-result-wrong = { $count } wrong
quiz-result-left = { $count } not done
quiz-result-percent = Right among the answers given: { $percent }%
remark-greeting-asked = 👋 Hi! Question { $number } is waiting for you.
remark-thanks = You're welcome! 🙂
remark-unsure =
    { $count ->
        [0] It happens! If the answer won't come, you can skip: at the end, “Review” has the solution.
       *[other] It happens! A hint may help; otherwise you can skip, and at the end “Review” has the solution.
    }
remark-unsure-introduce = No problem: tap the last button above, and we go on.
remark-asked-single =
    That doesn't look like an answer. Tap or write a letter; if you don't know which, tap { $count ->
        [0] Skip
       *[other] 💡 Hint or Skip
    }.
remark-asked-true-false =
    That doesn't look like an answer. Tap a button, or write just true or false; if you don't know, tap { $count ->
        [0] Skip
       *[other] 💡 Hint or Skip
    }.
remark-asked-multiple =
    That doesn't look like an answer. Tick the right letters and tap Confirm; you can also write them, for example A, C. If you don't know, tap { $count ->
        [0] Skip
       *[other] 💡 Hint or Skip
    }.
remark-asked-numeric =
    A number is needed here. Write just the result, for example 12, 0.75 or 3/4; if you don't know, tap { $count ->
        [0] Skip
       *[other] 💡 Hint or Skip
    }.
remark-asked-short =
    A word is needed here, or a few. Write just the answer; if you don't know, tap { $count ->
        [0] Skip
       *[other] 💡 Hint or Skip
    }.
remark-judged = You've already answered: to go on, tap Next or, after the last question, “How did it go?”.
remark-paused = The quiz is paused: to go on, tap below.
remark-exam = I didn't understand which exam: tap one of the buttons above.
remark-date = I didn't understand the date. Tap a month, or write it like this: 28/02/2027.
remark-birth = I didn't understand the year. Tap it above, or write it like this: 2008.
error-no-similar = There are no other questions on this topic.
