# Commands
command-mentor = The mentor and your conversations
command-new = Start a new conversation
command-cost = What the mentor has cost

# Conversations
mentor-hello =
    💬 <b>The mentor</b>
    Write what is not clear to you, or send a photo of an exercise. I help you find the way: a hint first, then the method, and the solution only once you have tried. I am an AI and can be wrong: if something looks off, tell me.
mentor-hello-no-model =
    💬 <b>The mentor</b>
    There is no AI here: write a topic or a question, and I look for the exercises nearest to it, with their hints and solutions.
mentor-hello-under-14 =
    💬 <b>The mentor</b>
    Under 14, talking to an AI needs a parent's consent, which cannot be given here yet. Meanwhile write a topic or a question: I look for the exercises nearest to it, with their hints and solutions.
mentor-hello-age-unknown =
    💬 <b>The mentor</b>
    Before the AI may answer I need to know which year you were born in: under 14 it needs a parent's consent, which cannot be given here yet. If you would rather not tell, I look for the nearest exercises, with their hints and solutions.
mentor-hello-parent =
    💬 <b>The mentor</b>
    The mentor answers students. While you try a quiz, its key searches the archive of questions, with their hints and solutions.
mentor-session = <b>{ $number }.</b> { $title }
    <i>{ $day } · { $messages ->
        [one] one message
       *[other] { $messages } messages
    } · { $tokens } tokens · { $cost }</i>
mentor-untitled = untitled
mentor-go-on = ▶ { $number }. { $title }
mentor-new = 🆕 New conversation
mentor-sessions = 💬 Conversations
mentor-costs = 💶 Costs
mentor-new-begun = 🆕 New conversation started. You can find “{ $title }” in Conversations.
mentor-new-already = This is a new conversation already: go ahead.
mentor-taken-up = ▶ Back to <b>{ $title }</b>: go ahead.

# Replies
mentor-heard = 🎙 <i>I heard: “{ $words }”</i>
mentor-key = 💬 Mentor
mentor-why-key = 💬 Ask the mentor
mentor-explain-key = 💬 Explain it
mentor-instead-key = 💬 It's a question for the mentor
mentor-asked = The mentor is answering…
mentor-stop = ⏹ That's enough
mentor-stopping = I stop here.
mentor-nothing-to-stop = The reply is finished already.
mentor-retry = 🔁 Try again
mentor-stopped = <i>(I stopped here, as you asked.)</i>
mentor-stopped-empty = <i>I stopped before I began.</i>
mentor-shortened = <i>(The reply was too long and ends here. Write “go on” for the rest.)</i>
mentor-broken-off = <i>(The connection broke here.)</i>
mentor-interrupted = My reply was interrupted before it reached you. Your message is still here.
mentor-tell-year = 🎂 Enter my birth year
mentor-no-eyes = 📷 I cannot see photos here. Write out the exercise, however roughly: that is fine.
mentor-no-ears = 🎙 I cannot listen to voice messages here. Write your question, even in a few words.
mentor-unheard = 🎙 I heard no words in that voice message. Try again, or write.
mentor-unseen = 📷 I could not open that photo. Send it again, or write out the exercise.
mentor-in-paper = This question belongs to a mock exam that is not over yet: we can talk about it once you have finished.
mentor-cut = That message is very long: I read its first { $letters } characters.
mentor-year-told = 🎂 Noted: { $year }. Now send me your question again.
mentor-too-big = That file is too big: 20 MB at most. A photo taken with a phone is fine.
mentor-wish-help = I need some help with this question.
mentor-wish-why = Why is my answer wrong?
mentor-wish-explain = Can you explain this question?

# Costs
cost-title = 💶 <b>Mentor usage and cost</b>
cost-nothing = 💶 The mentor has used nothing yet. It is free for students: whoever runs the bot pays.
cost-no-model = 💶 There is nothing to pay for here: no artificial intelligence is connected.
cost-turn = Last reply: <b>{ $cost }</b> · { $tokens } tokens
cost-session = This conversation: <b>{ $cost }</b> · { $tokens } tokens
cost-day = Today: <b>{ $cost }</b> · { $tokens } tokens
cost-month = This month: <b>{ $cost }</b> · { $tokens } tokens
cost-unpriced = <i>The price of { $count ->
        [one] one call
       *[other] { $count } calls
    } is not known: the true cost may be higher.</i>
cost-cap = <b>{ $left }</b> of { $cap } are left for today.
cost-estimated = <i>Where the service does not say how many tokens it used, I counted them: the cost is an estimate.</i>
cost-paid = Free for students: whoever runs the bot pays.
cost-usd = ${ $amount }
cost-less = less than { $cost }
cost-at-least = at least { $cost } (I do not know the price of { $count ->
        [one] one call
       *[other] { $count } calls
    })
cost-unknown = cost unknown ({ $count ->
        [one] one call
       *[other] { $count } calls
    } without a price)
