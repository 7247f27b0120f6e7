# Il bot si presenta
bot-description =
    Ti alleno al TOLC, una domanda alla volta.
    Quiz con indizi e spiegazioni, simulazioni d'esame, errori da ripassare, tutto qui in chat.
    Premi AVVIA: la prima domanda è già pronta.
bot-short-description = L'allenatore in chat per il TOLC: quiz, indizi, spiegazioni.

command-start = La pagina iniziale
command-quiz = Scegli un quiz
command-resume = Riprendi da dove eri
command-pause = Ferma il tempo
command-stop = Fermati e guarda com'è andata
command-history = I quiz e le simulazioni, domanda per domanda
command-settings = Lingua e profilo
command-help = Che cosa so fare
command-privacy = Quali dati conservo

# Tasti di tutti
key-home = 🏠 Inizio
key-back = ‹ Indietro
key-quiz = 📝 Quiz
key-history = 🗂 Storico
key-settings = ⚙️ Impostazioni

# Inizio
start-hello =
    👋 Ciao, sono <b>Chiron</b>: ti alleno al TOLC, una domanda alla volta. { $count ->
        [one] Prova subito con questa.
       *[other] Per cominciare, un quiz di { $count } domande: ecco la prima.
    }
start-again = Ci siamo già visti. Da dove cominciamo?
start-i-am-parent = 👪 Sono un genitore

home-title = <b>Che cosa facciamo?</b>
home-exam = 🎯 Obiettivo: <b>{ $exam }</b>
home-exam-day = 🎯 Obiettivo: <b>{ $exam }</b>, { $day }
home-answers =
    { $count ->
        [one] Finora hai risposto a <b>una</b> domanda
       *[other] Finora hai risposto a <b>{ $count }</b> domande
    } · ⭐ { $xp } XP
home-no-answers = Non hai ancora risposto a nessuna domanda: cinque bastano per cominciare.

ask-exam = <b>Per quale esame ti prepari?</b>
ask-exam-unknown = Non lo so ancora
ask-date = <b>In che mese è il tuo { $exam }?</b> Puoi anche scrivere la data esatta, per esempio 28/02/2027 o 28 febbraio.
ask-date-unknown = Non so ancora quando
ask-day = <b>Quale giorno di { $month }?</b>
noted-day = 📅 Data segnata: <b>{ $day }</b>
ask-birth =
    <b>Qual è il tuo anno di nascita?</b> Lo chiedo una volta sola e poi non potrai cambiarlo. Sotto i 14 anni, per il mentore con l'intelligenza artificiale serve il consenso di un genitore, che qui non si può ancora dare: fino ad allora risponde l'archivio delle domande.

    Se il tuo anno non è fra i tasti, scrivilo.
ask-birth-rather-not = Preferisco non dirlo

parent-hello =
    👪 Buongiorno! Chiron prepara all'esame con domande originali, sul modello del TOLC: prima gli indizi, poi le soluzioni, e ogni errore spiegato.

    Con «Messaggio da inoltrare» riceve un messaggio già pronto per suo figlio o sua figlia, a cui basta un tocco per cominciare. Intanto può provare un quiz. Per ora, le risposte le vede solo chi le dà.
parent-forward =
    Ciao! Ho trovato Chiron, che ti allena al TOLC qui su Telegram, una domanda alla volta e con le spiegazioni. La prima domanda è già pronta: { $link }
parent-try = 📝 Provo un quiz
parent-not = 🎒 Sono qui per studiare

# Quiz
quiz-menu = <b>Su che cosa ci alleniamo?</b>
quiz-no-questions = Non ci sono ancora domande: chi gestisce questo bot deve caricarne.
quiz-continue = ▶ Continua: { $what }, { $number } di { $length }
quiz-continue-short = ▶ Continua: domanda { $number } di { $length }
quiz-mixed = 🔀 Un po' di tutto
quiz-targeted = 🎯 Scegli la materia
quiz-mistakes = ♻️ I miei errori ({ $count })
quiz-choose-subject = <b>Scegli la materia</b> (tra parentesi, il numero di domande).
quiz-choose-topic = <b>{ $topic }</b>: quale argomento?
quiz-whole-topic = Tutto: { $topic } ({ $count })
quiz-topic = { $topic } ({ $count })
quiz-setup =
    <b>{ $what }</b>
    { $count ->
        [0] Nessuna domanda di questa difficoltà: scegline un'altra.
        [one] C'è una sola domanda.
       *[other] Ci sono { $count } domande. Quante ne facciamo?
    }
quiz-length = { $count }
quiz-difficulty = 🎚 Difficoltà: { $level }
difficulty-any = tutte
difficulty-easy = facile
difficulty-medium = media
difficulty-hard = difficile
mode-mixed = Un po' di tutto
mode-targeted = Per materia
mode-mistakes = Errori
mode-deck = Mazzo

quiz-head = <b>{ $number } di { $length }</b> · { $topic }
quiz-tick = <i>Le risposte giuste sono più di una: segna le lettere e conferma.</i>
quiz-confirm = ✅ Conferma ({ $count })
quiz-write-number = ✍️ <i>Il risultato va scritto in un messaggio (per esempio 12, 0,75 o 3/4).</i>
quiz-write-word = ✍️ <i>Scrivi la risposta in un messaggio: ti chiederò di confermarla.</i>
quiz-hint = 💡 Indizio
quiz-hint-text = 💡 <b>Indizio { $number } di { $count }.</b> { $hint }
quiz-skip = Salta
quiz-pause = ⏸ Pausa
quiz-next = Avanti ▶
quiz-to-result = 🏁 Com'è andata
quiz-resume = ▶ Riprendi
quiz-leave = 🏁 Chiudi il quiz
quiz-paused = ⏸ <b>In pausa</b>: { $what }, domanda { $number } di { $length }. Il tempo è fermo: si riprende in qualsiasi momento.
passed-answered = Qui hai già risposto: guarda più sotto ⬇️
passed-skipped = Questa domanda l'hai già saltata: guarda più sotto ⬇️
passed-closed = Questo quiz è chiuso: qui non si può più rispondere.
passed-paused = Questo quiz è in pausa: per continuare, riprendilo ⬇️
passed-rewritten = Dopo hai scritto altro: vale l'ultimo messaggio, qui sotto ⬇️
passed-unticked = Prima segna almeno una lettera.
passed-ahead = Il quiz non è ancora arrivato qui: guarda più sotto ⬇️

quiz-doubt = ⚑ Segnala un errore
quiz-similar = 🔁 Aggiungine una simile
quiz-similar-added = Fatto: trovi un'altra domanda sullo stesso argomento in fondo al quiz.
quiz-report-key = ⚑ Segnala
quiz-doubt-sure = <b>C'è un errore nella domanda?</b> Se la segnali, la tua risposta non conterà nel risultato.
quiz-doubt-yes = ⚑ Sì, segnala
quiz-doubt-no = No, va bene così

quiz-answer-or-remark = «{ $text }» è la tua <b>risposta</b>? Finché non confermi, non conta.
quiz-my-answer = ✍️ Sì: { $text }
quiz-just-talking = ↩️ No, torna alla domanda
quiz-no-number = Non riesco a leggere «{ $text }» come numero, quindi non conta. Scrivi solo il risultato, per esempio 12, 0,75 o 3/4.
quiz-which-number = Non vorrei leggere male: quale numero intendi?
quiz-reading = { $value }

verdict-right = ✅ <b>Giusto!</b> +{ $xp } XP
verdict-wrong = ❌ <b>Non è così.</b>
verdict-why = <b>{ $letter }:</b> { $error }
verdict-why-typed = { $error }
verdict-solution =
    { $count ->
        [one] Risposta giusta: <b>{ $answer }</b>
       *[other] Risposte giuste: <b>{ $answer }</b>
    }
verdict-skipped = ⏭ <b>Saltata.</b>
verdict-voided = ⚑ <b>Segnalata.</b> Questa risposta non conta nei tuoi risultati. Grazie!
verdict-written = Hai scritto: «{ $text }»
verdict-read-as = Ho letto <b>{ $value }</b>
verdict-explanation = <b>Spiegazione</b>

quiz-result = 🏁 <b>{ $right } su { $length }</b>
quiz-result-empty = 🏁 <b>Quiz chiuso.</b> Non hai dato risposte che contino.
quiz-result-time = ⏱ Tempo: { $time }
quiz-result-xp = ⭐ { $xp } XP
quiz-result-skipped =
    { $count ->
        [one] una saltata
       *[other] { $count } saltate
    }
quiz-result-voided =
    ⚑ { $count ->
        [one] Una domanda segnalata: non conta
       *[other] { $count } domande segnalate: non contano
    }
quiz-tally = • { $topic }: { $what }
quiz-tally-right =
    { $right ->
        [one] una giusta
       *[other] { $right } giuste
    } su { $answered }
quiz-result-weak = <b>E adesso?</b> Da ripassare: <b>{ $topic }</b>.
quiz-result-perfect =
    { $count ->
        [one] <b>Giusta!</b> Ora prova un quiz più lungo.
       *[other] <b>Tutte giuste.</b> Prova ad alzare la difficoltà o il numero di domande.
    }
quiz-redo-mistakes =
    { $count ->
        [one] ♻️ Rifai l'errore
       *[other] ♻️ Rifai i { $count } errori
    }
quiz-train-topic = 🎯 Allenati su: { $topic }
quiz-another = 📝 Altro quiz
quiz-review = 🔎 Rivedi
quiz-back-to-result = ‹ Risultato

history-title = <b>I tuoi quiz</b>, dal più recente. Toccane uno per rivedere le domande.
history-empty = Non hai ancora finito nessun quiz.
history-quiz = { $day } · { $what } · { $right } su { $length }
history-quiz-empty = { $day } · { $what } · nessuna risposta valida

pause-nothing = Non c'è nessun quiz in corso.
resume-nothing = Non c'è niente in sospeso. Cominciamo un quiz?

stop-title =
    ⏹ <b>Per ora basta così.</b> Ecco com'è andata questa sessione{ $quizzes ->
        [0] {""}
        [one] {" "}(un quiz)
       *[other] {" "}({ $quizzes } quiz)
    }:
stop-exams =
    🎓 { $count ->
        [one] Una simulazione
       *[other] { $count } simulazioni
    }{ $quizzes ->
        [0] {""}
        [one] {" e un quiz"}
       *[other] {" e "}{ $quizzes } quiz
    }
stop-figures =
    { $attempted ->
        [one] Una risposta, { $right ->
            [0] non giusta
           *[other] giusta
        }
       *[other] <b>{ $right } giuste su { $attempted }</b> · { $percent }%
    }
stop-time =
    ⏱ { $attempted ->
        [one] { $total } per rispondere
       *[other] { $total } sulle risposte date, { $average } l'una
    }
stop-subjects = 📚 { $subjects }
stop-empty = ⏹ <b>Per ora basta così.</b> Non hai risposto a nessuna domanda.
stop-voided =
    ⏹ <b>Per ora basta così.</b> { $count ->
        [one] In questa sessione c'è una sola risposta, e l'hai segnalata: non conta.
       *[other] In questa sessione ci sono { $count } risposte, e le hai segnalate tutte: non contano.
    }
stop-nothing = Non hai niente in corso.

remark = Non ho capito: mi scrivi che cosa ti blocca? Altrimenti con /quiz si comincia un quiz; con /help vedi tutto quello che so fare.
remark-parent = Non so conversare, e il riepilogo per i genitori non c'è ancora: per ora, le risposte le vede solo chi le dà. Può inoltrare l'invito a suo figlio o sua figlia, oppure provare un quiz.
remark-parent-greeting = 👋 Buongiorno! Può inoltrare l'invito a suo figlio o sua figlia, oppure provare un quiz.
remark-greeting = 👋 Ciao! Quando vuoi, si comincia.
cannot-read = File, video e sticker non li so leggere. Si può scrivere, usare i tasti o mandare la foto di un esercizio.
too-many-messages = Troppo veloce per me! Ho tenuto i primi messaggi e lasciato da parte gli altri: dopo la mia risposta, basta riscrivere quello che conta.

in-group = Le lezioni si fanno a tu per tu: ci vediamo in privato.
in-group-key = Apri la chat

settings-title = ⚙️ <b>Impostazioni</b>
settings-language = Lingua: { $language }
settings-role = Profilo: { $role }
settings-exam = Esame: { $exam } · Data: { $day }
settings-birth = Anno di nascita: { $year }
settings-birth-fixed = Anno di nascita: { $year } (non si può cambiare)
settings-zone = Fuso orario: { $zone }
settings-unknown = da indicare
settings-change-exam = 🎯 Cambia esame o data
settings-tell-birth = 🎂 Anno di nascita
language-it = 🇮🇹 Italiano
language-en = 🇬🇧 English
role-student = chi studia
role-parent = genitore

help =
    <b>Che cosa so fare</b>

    /quiz – scegli materia, numero di domande e difficoltà
    /exam – una simulazione d'esame, con tempi e punteggi veri
    /mentor – il mentore: spiega, dà indizi, guarda la foto di un esercizio
    /new – comincia una nuova conversazione con il mentore
    /cost – quanto è costato il mentore
    /resume – riprendi da dove eri
    /pause – ferma il tempo di un quiz
    /stop – fermati e guarda com'è andata
    /history – i quiz e le simulazioni, domanda per domanda
    /settings – lingua, esame, profilo
    /privacy – quali dati conservo

    Alle domande con le lettere si risponde con i tasti o scrivendo la lettera; se le risposte giuste sono più di una, segna le lettere e tocca Conferma. Se la domanda chiede un numero o una parola, scrivi la risposta in un messaggio: le parole te le faccio confermare, a meno che tu non risponda proprio al messaggio della domanda.

    Qualunque altra cosa tu scriva va al mentore, che ti aiuta a trovare la strada senza darti subito la soluzione.

    Una risposta giusta vale da 10 a 18 XP, secondo la difficoltà; ogni indizio ne toglie 3, ma ne restano almeno 4. Sbagliare non toglie niente.
help-parent =
    <b>Che cosa so fare</b>

    «Messaggio da inoltrare» prepara un invito per suo figlio o sua figlia: con un tocco comincia il primo quiz. Con «Provo un quiz» può vedere Lei come funziona.

    Il riepilogo per i genitori non c'è ancora: per ora, le risposte le vede solo chi le dà.

    /start – la pagina iniziale
    /settings – lingua e profilo
    /privacy – quali dati conservo
privacy =
    <b>Quali dati conservo, e perché</b>

    • L'identificativo della chat Telegram, la lingua, il fuso orario e il profilo (chi studia o genitore): per scrivere nel modo giusto.
    • L'esame, la sua data e l'anno di nascita, se indicati. Li dichiara chi scrive, nessuno li verifica.
    • Le risposte ai quiz e alle simulazioni, con il tempo e gli indizi usati, e gli errori segnalati: per i risultati e per il ripasso.
    • Le conversazioni con il mentore, per 90 giorni, e quanto sono costate. Se chi gestisce il bot ha collegato un'intelligenza artificiale, i messaggi, le foto e i vocali per il mentore vanno al suo servizio. Non aggiungo nomi né identificativi di Telegram; quello che è scritto parte com'è (tolgo e-mail e numeri di telefono): meglio non metterci dati personali. Le foto e i vocali non li conservo.

    Non conservo nomi. Degli altri messaggi non tengo copia dopo la risposta, al più tardi dopo 48 ore (nella chat restano); resta il testo delle risposte scritte nei quiz. Niente pubblicità, niente vendita di dati. Tutto sta sul server di chi gestisce questo bot e, come ogni chat, passa da Telegram.

    ✉️ <b>A chi scrivere</b> per una copia dei dati, per farli cancellare o per una domanda: alla persona o alla scuola che gestisce questo bot.

apology = 😔 Qualcosa è andato storto da parte mia, mi dispiace. Quello che era già fatto è al sicuro. Si può riprovare, o toccare /resume; se succede ancora, il numero da segnalare è <code>{ $reference }</code>.
error-not-found = Questo tasto non vale più: ecco a che punto siamo.
error-not-allowed = Questo non è permesso.
error-invalid-input = Questo valore non va bene.
error-invalid-input-exam-date = Questa data non va bene. Scegline una da oggi in poi, entro cinque anni, per esempio 28/02/2027.
error-invalid-input-no-such-day = Questo giorno nel calendario non c'è: controlla giorno e mese, per esempio 28/02/2027.
error-invalid-input-birth-year = L'anno di nascita non mi torna: controllalo e riprova.
error-changed-meanwhile = Nel frattempo qualcosa è cambiato: basta riprovare.
error-limit-reached = È stato raggiunto un limite.
error-nothing-to-ask = Con questa scelta non ci sono domande: meglio un'altra materia o difficoltà.
error-refused = Questo non si può fare.
home-days-left =
    { $count ->
        [one] (domani!)
       *[other] (fra { $count } giorni)
    }
ask-first = Ora che hai preso il via, qualche domanda veloce su di te: poi si torna al quiz.
parent-message = ✉️ Messaggio da inoltrare
quiz-begin = ▶ Comincia ({ $count })
quiz-back-to-question = ↩️ Torna alla domanda
verdict-missed = Mancava anche: <b>{ $letters }</b>
quiz-result-right =
    { $count ->
        [one] una giusta
       *[other] { $count } giuste
    }
quiz-result-wrong =
    { $count ->
        [one] una sbagliata
       *[other] { $count } sbagliate
    }
quiz-result-left =
    { $count ->
        [one] una non fatta
       *[other] { $count } non fatte
    }
quiz-result-percent = Giuste fra le risposte date: { $percent }%
remark-greeting-asked = 👋 Ciao! La domanda { $number } ti aspetta.
remark-thanks = Di niente! 🙂
remark-unsure =
    { $count ->
        [0] Capita! Se la risposta non viene, si può saltare: alla fine, con «Rivedi», c'è la soluzione.
       *[other] Capita! Un indizio può aiutare; altrimenti si può saltare, e alla fine con «Rivedi» c'è la soluzione.
    }
remark-unsure-introduce = Nessun problema: tocca l'ultimo tasto qui sopra, e si va avanti.
remark-asked-single =
    Questa non mi sembra una risposta. Tocca o scrivi una lettera; se non sai quale, tocca { $count ->
        [0] Salta
       *[other] 💡 Indizio o Salta
    }.
remark-asked-true-false =
    Questa non mi sembra una risposta. Tocca un tasto, oppure scrivi solo vero o falso; se non lo sai, tocca { $count ->
        [0] Salta
       *[other] 💡 Indizio o Salta
    }.
remark-asked-multiple =
    Questa non mi sembra una risposta. Segna le lettere giuste e tocca Conferma; puoi anche scriverle, per esempio A, C. Se non lo sai, tocca { $count ->
        [0] Salta
       *[other] 💡 Indizio o Salta
    }.
remark-asked-numeric =
    Qui serve un numero. Scrivi solo il risultato, per esempio 12, 0,75 o 3/4; se non lo sai, tocca { $count ->
        [0] Salta
       *[other] 💡 Indizio o Salta
    }.
remark-asked-short =
    Qui serve una parola, o poche. Scrivi solo la risposta; se non la sai, tocca { $count ->
        [0] Salta
       *[other] 💡 Indizio o Salta
    }.
remark-judged = Hai già risposto: per continuare tocca Avanti o, dopo l'ultima domanda, «Com'è andata».
remark-paused = Il quiz è in pausa: per continuare tocca qui sotto.
remark-exam = Non ho capito quale esame: tocca uno dei tasti qui sopra.
remark-date = Non ho capito la data. Tocca un mese, oppure scrivila così: 28/02/2027.
remark-birth = Non ho capito l'anno. Toccalo qui sopra, oppure scrivilo così: 2008.
error-no-similar = Non ci sono altre domande su questo argomento.
