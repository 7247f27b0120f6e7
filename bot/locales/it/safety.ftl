# Parole già scritte per i momenti difficili: non le genera nessun modello
crisis =
    Grazie per averlo scritto. Quello che provi conta più di qualsiasi esame, e non devi affrontarlo da solo o da sola.

    Parlane adesso con un adulto di cui ti fidi: un genitore, un parente, un insegnante. Se non sai come cominciare, fagli leggere ciò che hai scritto qui.

    ☎️ <b>112</b>: se sei in pericolo adesso, o se lo è qualcun altro
    ☎️ <b>114</b> Emergenza Infanzia: gratis, giorno e notte
    ☎️ <b>19696</b> Telefono Azzurro: gratis, giorno e notte, per bambini e ragazzi

    Io sono un programma e non posso darti l'aiuto che ti danno le persone. Chi risponde a questi numeri ti ascolta anche se non sai che cosa dire. Per lo studio c'è tempo: quando vorrai, mi trovi qui.
crisis-parent =
    Grazie per averlo scritto. Conta più di qualsiasi esame, e non deve affrontarlo da solo o da sola.

    Resti vicino a suo figlio o sua figlia, ne parli con calma e ascolti senza giudicare. Chieda aiuto oggi stesso: al pediatra o al medico di famiglia, alla scuola, a una persona di fiducia. Vale anche se chi sta male è Lei.

    ☎️ <b>112</b>: se c'è un pericolo adesso
    ☎️ <b>114</b> Emergenza Infanzia: gratis, giorno e notte
    ☎️ <b>19696</b> Telefono Azzurro: gratis, giorno e notte, per bambini e ragazzi

    Io sono un programma e non posso dare l'aiuto che danno le persone. Chi risponde a questi numeri La ascolta anche se non sa che cosa dire.
age-check =
    Hai scritto di avere meno di 14 anni, è così? Sotto i 14 anni la legge chiede che sia un genitore a dire di sì al mentore, che è un'intelligenza artificiale. Qui il consenso non si può ancora dare: fino ad allora risponde l'archivio delle domande.

    Quiz, indizi e spiegazioni continuano come prima. Se ho capito male, tocca qui sotto e dimmi l'anno di nascita.
unsuitable = Di questo qui non parliamo. Se ti preoccupa qualcosa che ti è successo, parlane con un adulto di cui ti fidi o chiama il <b>114</b>: è gratis, giorno e notte. Se vuoi, torniamo a studiare: da dove ripartiamo?
