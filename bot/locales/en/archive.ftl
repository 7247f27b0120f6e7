# Why the archive answers: a reason for each, and what it is
archive-why-no-model =
    📚 I am not connected to an artificial intelligence: I search the archive of questions, with their hints and worked solutions.
archive-why-model-away =
    📚 The mentor does not answer right now: try again in a while; it costs you nothing. Meanwhile I searched the archive of questions, without artificial intelligence.
archive-why-cap-student =
    📚 Today's messages to the mentor are used up: it is back tomorrow. Practice goes on, and meanwhile I searched the archive of questions, without artificial intelligence.
archive-why-cap-operator =
    📚 The mentor has no time left for anybody today: it is back tomorrow. Practice goes on, and meanwhile I searched the archive of questions, without artificial intelligence.
archive-why-under-14 =
    📚 Under 14, the mentor with artificial intelligence needs a parent's consent, which cannot be given here yet. Meanwhile, here is the archive of questions, with their hints and worked solutions.
archive-why-age-unknown =
    📚 Before artificial intelligence may answer you I need to know which year you were born in: under 14 it needs a parent's consent, which cannot be given here yet. If you would rather not tell, that is fine: I search the archive of questions.
archive-why-parent =
    📚 The mentor with artificial intelligence answers students only. Here is the archive of questions, with their hints and worked solutions.
archive-why-unsuitable =
    📚 The mentor cannot answer this message. I searched the archive of questions, without artificial intelligence.
archive-why-gave-away =
    📚 I was about to tell you too much: have a try first. Meanwhile here is a hint from the question archive.

# What it found
archive-topic = The nearest topic: <b>{ $topic }</b>
archive-example = <b>An example</b> · { $topic }
archive-this = <b>The question you are answering</b>: only a hint for now, the solution after your answer.
archive-this-parent = <b>The question you are answering</b>: only a hint for now, the solution after your answer.
archive-this-bare = <b>The question you are answering</b>: it has no hints, and the solution comes after your answer.
archive-this-bare-parent = <b>The question you are answering</b>: it has no hints, and the solution comes after your answer.
archive-about = <b>This question</b> · { $topic }
archive-hint = 💡 <b>Hint { $number }</b>
archive-solution = ✅ <b>Solution</b>
archive-answer = Answer: { $answer }
archive-nothing = I found nothing on this. Try a word of the topic, for example “logarithms”.
archive-nothing-parent = I found nothing on this. Try a word of the topic, for example “logarithms”.
archive-subjects = The subjects I have: { $subjects }.
archive-empty = There are no questions in the archive yet.

# Keys
archive-practise = 🎯 Practise: { $topic }
archive-another = 🔎 Another example
