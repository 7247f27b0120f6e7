# Comandi
command-mentor = Il mentore e le vostre conversazioni
command-new = Comincia una nuova conversazione
command-cost = Quanto è costato il mentore

# Conversazioni
mentor-hello =
    💬 <b>Il mentore</b>
    Scrivi qui sotto quello che non ti è chiaro, oppure manda la foto di un esercizio. Ti aiuto a trovare la strada: prima un indizio, poi il metodo, la soluzione solo dopo che ci hai provato. Sono un'intelligenza artificiale e posso sbagliare: se qualcosa non ti torna, dimmelo.
mentor-hello-no-model =
    💬 <b>Il mentore</b>
    Qui non c'è un'intelligenza artificiale: scrivi un argomento o una domanda, e cerco fra gli esercizi i più vicini, con gli indizi e le soluzioni.
mentor-hello-under-14 =
    💬 <b>Il mentore</b>
    Sotto i 14 anni per parlare con un'intelligenza artificiale serve il consenso di un genitore, che qui non si può ancora dare. Intanto scrivi un argomento o una domanda: cerco fra gli esercizi i più vicini, con gli indizi e le soluzioni.
mentor-hello-age-unknown =
    💬 <b>Il mentore</b>
    Prima di rispondere con l'intelligenza artificiale devo sapere in che anno sei nato o nata: sotto i 14 anni serve il consenso di un genitore, che qui non si può ancora dare. Se preferisci non dirlo, cerco fra gli esercizi i più vicini, con gli indizi e le soluzioni.
mentor-hello-parent =
    💬 <b>Il mentore</b>
    Il mentore risponde a chi studia. Mentre prova un quiz, il suo tasto cerca nell'archivio delle domande, con gli indizi e le soluzioni.
mentor-session = <b>{ $number }.</b> { $title }
    <i>{ $day } · { $messages ->
        [one] un messaggio
       *[other] { $messages } messaggi
    } · { $tokens } token · { $cost }</i>
mentor-untitled = senza titolo
mentor-go-on = ▶ { $number }. { $title }
mentor-new = 🆕 Nuova conversazione
mentor-sessions = 💬 Conversazioni
mentor-costs = 💶 Costi
mentor-new-begun = 🆕 Nuova conversazione: comincia con il tuo prossimo messaggio. «{ $title }» è fra le Conversazioni.
mentor-new-already = È già una conversazione nuova: scrivi pure.
mentor-taken-up = ▶ Riprendiamo <b>{ $title }</b>: scrivi pure.

# Risposte
mentor-heard = 🎙 <i>Ho sentito: «{ $words }»</i>
mentor-key = 💬 Mentore
mentor-why-key = 💬 Chiedi al mentore
mentor-explain-key = 💬 Spiegamela
mentor-instead-key = 💬 È una domanda per il mentore
mentor-asked = Il mentore sta rispondendo…
mentor-stop = ⏹ Basta così
mentor-stopping = Mi fermo qui.
mentor-nothing-to-stop = La risposta è già finita.
mentor-retry = 🔁 Riprova
mentor-stopped = <i>(Mi sono fermato qui, come hai chiesto.)</i>
mentor-stopped-empty = <i>Mi sono fermato prima di cominciare.</i>
mentor-shortened = <i>(La risposta era troppo lunga e finisce qui. Scrivi «continua» per il resto.)</i>
mentor-broken-off = <i>(Il collegamento si è interrotto qui.)</i>
mentor-interrupted = La mia risposta si è interrotta prima di arrivarti. Il tuo messaggio c'è ancora.
mentor-tell-year = 🎂 Dico il mio anno di nascita
mentor-no-eyes = 📷 Qui non riesco a vedere le foto. Scrivimi il testo dell'esercizio, anche alla buona: va benissimo.
mentor-no-ears = 🎙 Qui non posso ascoltare i messaggi vocali. Scrivimi la domanda, anche in poche parole.
mentor-unheard = 🎙 Nel messaggio vocale non ho sentito parole. Riprova, oppure scrivi.
mentor-unseen = 📷 Non sono riuscito ad aprire la foto. Rimandala, oppure scrivi il testo dell'esercizio.
mentor-in-paper = Questa domanda fa parte di una simulazione che non è ancora finita: ne parliamo appena la chiudi.
mentor-cut = Il messaggio è molto lungo: ne leggo i primi { $letters } caratteri.
mentor-year-told = 🎂 Segnato: { $year }. Ora riscrivimi pure la tua domanda.
mentor-too-big = Il file è troppo grande: al massimo 20 MB. Una foto fatta con il telefono va bene.
mentor-wish-help = Mi serve un aiuto con questa domanda.
mentor-wish-why = Perché la mia risposta è sbagliata?
mentor-wish-explain = Mi spieghi questa domanda?

# Costi
cost-title = 💶 <b>Uso e costo del mentore</b>
cost-nothing = 💶 Il mentore non ha ancora usato nulla. Per chi studia è gratis: paga chi gestisce il bot.
cost-no-model = 💶 Qui non c'è nulla da pagare: non è collegata nessuna intelligenza artificiale.
cost-turn = Ultima risposta: <b>{ $cost }</b> · { $tokens } token
cost-session = Questa conversazione: <b>{ $cost }</b> · { $tokens } token
cost-day = Oggi: <b>{ $cost }</b> · { $tokens } token
cost-month = Questo mese: <b>{ $cost }</b> · { $tokens } token
cost-unpriced = <i>Di { $count ->
        [one] una chiamata
       *[other] { $count } chiamate
    } non si conosce il prezzo: il costo vero può essere più alto.</i>
cost-cap = Per oggi restano <b>{ $left }</b> di { $cap }.
cost-estimated = <i>Dove il servizio non dice quanti token ha usato, li ho contati io: il costo è una stima.</i>
cost-paid = Per chi studia è gratis: paga chi gestisce il bot.
cost-usd = { $amount } $
cost-less = meno di { $cost }
cost-at-least = almeno { $cost } (non conosco il prezzo di { $count ->
        [one] una chiamata
       *[other] { $count } chiamate
    })
cost-unknown = costo sconosciuto ({ $count ->
        [one] una chiamata
       *[other] { $count } chiamate
    } senza prezzo)
