# Words written beforehand for hard moments: no model makes them up
crisis =
    Thank you for writing this. What you feel matters more than any exam, and you do not have to face it alone.

    Talk now to an adult you trust: a parent, a relative, a teacher. If you do not know how to begin, let them read what you wrote here.

    In Italy you can call:
    ☎️ <b>112</b> if you are in danger now, or if somebody else is
    ☎️ <b>114</b> Emergenza Infanzia: free, day and night
    ☎️ <b>19696</b> Telefono Azzurro: free, day and night, for children and teenagers

    In another country, search for “findahelpline” to see who listens near you.

    I am a program, and I cannot give you the help that people can. Whoever answers these numbers will listen even if you are not sure what to say. Studying can wait: I am here when you want to go on.
crisis-parent =
    Thank you for writing this. It matters more than any exam, and you do not have to face it alone.

    Stay close to your son or daughter, talk about it calmly and listen without judging. Ask for help today: their doctor, the school, somebody you trust. The same holds if it is you who is not well.

    In Italy you can call:
    ☎️ <b>112</b> if there is danger now
    ☎️ <b>114</b> Emergenza Infanzia: free, day and night
    ☎️ <b>19696</b> Telefono Azzurro: free, day and night, for children and teenagers

    In another country, search for “findahelpline” to see who listens near you.

    I am a program, and I cannot give the help that people can. Whoever answers these numbers will listen even if you are not sure what to say.
age-check =
    You wrote that you are under 14, is that right? Under 14, the law in Italy asks for a parent to say yes to the mentor, which is an artificial intelligence. That consent cannot be given here yet: until then, the question archive answers.

    Quizzes, hints and explanations go on as before. If I got it wrong, tap below and enter your birth year.
unsuitable = We do not talk about that here. If something that happened to you is on your mind, talk to an adult you trust, or in Italy call <b>114</b>: it is free, day and night. If you like, let's get back to studying: where shall we start?
