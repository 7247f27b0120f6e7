# A worked example, after the last hint
quiz-twin = 💡 A worked example
twin-head =
    💡 <b>A worked example</b> · { $topic }
    <i>This is another question, with its solution: see how it is done. Yours is still open above.</i>
twin-method = How it is done

# Questions that come back, without help
twin-return-helped = ↩️ <i>It's back: the other day you had help with a question like this. Now try on your own.</i>
twin-return-missed = ↩️ <i>It's back: the other day you got a question like this wrong. Try again, without hints.</i>
