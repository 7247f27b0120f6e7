# Un esempio svolto, dopo l'ultimo indizio
quiz-twin = 💡 Un esempio svolto
twin-head =
    💡 <b>Un esempio svolto</b> · { $topic }
    <i>È un'altra domanda, con la sua soluzione: guarda come si fa. La tua resta aperta qui sopra.</i>
twin-method = Come si fa

# Domande che ritornano, senza aiuto
twin-return-helped = ↩️ <i>Ritorno: l'altro giorno, su una domanda come questa, hai usato un aiuto. Ora prova senza.</i>
twin-return-missed = ↩️ <i>Ritorno: l'altro giorno hai sbagliato una domanda come questa. Ora riprova, senza indizi.</i>
