"""Find the words that a model copies: they stand in for placeholders and tags."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers import ModelError, Options

SETS: Mapping[str, Sequence[str]] = {
    **{
        pattern.format("1"): tuple(pattern.format(number) for number in range(1, 10))
        for pattern in ("X{}", "XX{}", "Q{}", "ID{}", "X{}X", "A{}B", "ZX{}")
    },
    "names": ("Tom", "Boston", "Anna", "London", "Peter", "Berlin", "Maria", "Paris", "David"),
    "years": ("1957", "1987", "2009", "1980", "1950", "1985", "1982", "1978", "1993"),
}
"""Where several are copied as well, the first is best: a name or a year says something."""

USUAL = "names"
"""What stands in without `masks` in the manifest."""

LEAST = 0.5

# Sentences of interfaces, as files of translators hold them: placeholders as subject, object, in
# a row, beside punctuation and at either end.
CARRIERS: Mapping[str, Sequence[str]] = {
    "en": (
        "Hello {0}, welcome back!",
        "The file {0} could not be opened.",
        "{0} has invited you to {1}.",
        "Your password expires in {0} days.",
        "Delete {0}?",
        "Please sign in to {0} with your account.",
        "We sent a message to {0}.",
        "Open the {0} page and choose {1} there.",
        "By {0}, on Monday",
        "{0} is not a valid address.",
        "You are about to leave {0}.",
        "Download {0} for your computer",
        "The value of {0} must not be larger than {1}.",
        "Last changed by {0} on {1}",
        "Set {0} to your own name.",
        "Do you really want to remove {0} from the list?",
        "{0} and {1} like this.",
        "The connection to {0} was lost, so we try again.",
        "Use {0} instead of {1} if you can.",
        "Thank you for buying {0}!",
    ),
    "de": (
        "Hallo {0}, willkommen zurück!",
        "Die Datei {0} konnte nicht geöffnet werden.",
        "{0} hat Sie zu {1} eingeladen.",
        "Ihr Passwort läuft in {0} Tagen ab.",
        "{0} löschen?",
        "Bitte melden Sie sich bei {0} mit Ihrem Konto an.",
        "Wir haben eine Nachricht an {0} geschickt.",
        "Öffnen Sie die Seite {0} und wählen Sie dort {1}.",
        "Von {0}, am Montag",
        "{0} ist keine gültige Adresse.",
        "Sie verlassen jetzt {0}.",
        "{0} für Ihren Computer herunterladen",
        "Der Wert von {0} darf nicht größer als {1} sein.",
        "Zuletzt geändert von {0} am {1}",
        "Setzen Sie {0} auf Ihren eigenen Namen.",
        "Möchten Sie {0} wirklich aus der Liste entfernen?",
        "{0} und {1} gefällt das.",
        "Die Verbindung zu {0} ging verloren, wir versuchen es noch einmal.",
        "Verwenden Sie {0} statt {1}, wenn Sie können.",
        "Danke, dass Sie {0} gekauft haben!",
    ),
    "pt": (
        "Olá {0}, bem-vindo de volta!",
        "O arquivo {0} não pôde ser aberto.",
        "{0} convidou você para {1}.",
        "Sua senha expira em {0} dias.",
        "Excluir {0}?",
        "Entre em {0} com a sua conta.",
        "Enviamos uma mensagem para {0}.",
        "Abra a página {0} e escolha {1} lá.",
        "Por {0}, na segunda-feira",
        "{0} não é um endereço válido.",
        "Você está prestes a sair de {0}.",
        "Baixe {0} para o seu computador",
        "O valor de {0} não pode ser maior que {1}.",
        "Alterado pela última vez por {0} em {1}",
        "Defina {0} como o seu próprio nome.",
        "Deseja mesmo remover {0} da lista?",
        "{0} e {1} gostaram disso.",
        "A conexão com {0} foi perdida, então tentamos de novo.",
        "Use {0} em vez de {1} se puder.",
        "Obrigado por comprar {0}!",
    ),
    "es": (
        "¡Hola {0}, bienvenido de nuevo!",
        "No se pudo abrir el archivo {0}.",
        "{0} le ha invitado a {1}.",
        "Su contraseña caduca en {0} días.",
        "¿Eliminar {0}?",
        "Inicie sesión en {0} con su cuenta.",
        "Hemos enviado un mensaje a {0}.",
        "Abra la página {0} y elija {1} allí.",
        "Por {0}, el lunes",
        "{0} no es una dirección válida.",
        "Está a punto de salir de {0}.",
        "Descargue {0} para su ordenador",
        "El valor de {0} no debe ser mayor que {1}.",
        "Modificado por última vez por {0} el {1}",
        "Ponga su propio nombre en {0}.",
        "¿De verdad quiere quitar {0} de la lista?",
        "A {0} y {1} les gusta esto.",
        "Se perdió la conexión con {0}, así que lo intentamos otra vez.",
        "Use {0} en lugar de {1} si puede.",
        "¡Gracias por comprar {0}!",
    ),
    "fr": (
        "Bonjour {0}, bienvenue !",
        "Le fichier {0} n'a pas pu être ouvert.",
        "{0} vous a invité à {1}.",
        "Votre mot de passe expire dans {0} jours.",
        "Supprimer {0} ?",
        "Connectez-vous à {0} avec votre compte.",
        "Nous avons envoyé un message à {0}.",
        "Ouvrez la page {0} et choisissez {1}.",
        "Par {0}, lundi",
        "{0} n'est pas une adresse valide.",
        "Vous allez quitter {0}.",
        "Téléchargez {0} pour votre ordinateur",
        "La valeur de {0} ne doit pas dépasser {1}.",
        "Dernière modification par {0} le {1}",
        "Mettez votre propre nom dans {0}.",
        "Voulez-vous vraiment retirer {0} de la liste ?",
        "{0} et {1} aiment cela.",
        "La connexion à {0} a été perdue, nous essayons encore.",
        "Utilisez {0} au lieu de {1} si vous le pouvez.",
        "Merci d'avoir acheté {0} !",
    ),
}


def try_masks(handler: Any, source: str) -> dict[str, float]:
    """Of each set the share of carriers in which the model copied every mask just once.

    Raises ModelError for a language without carriers.
    """
    primary = source.partition("-")[0].lower()
    if primary not in CARRIERS:
        raise ModelError(
            f"There are sentences to try masks with for {', '.join(CARRIERS)}, but not for "
            f"{source}. Write `masks` into the manifest by hand (docs/handlers.md)."
        )
    carriers = CARRIERS[primary]
    sent = [carrier.format(*masks) for masks in SETS.values() for carrier in carriers]
    answers = iter(handler.translate(sent, Options()))
    return {
        name: sum(_is_copied(carrier, masks, next(answers).text) for carrier in carriers)
        / len(carriers)
        for name, masks in SETS.items()
    }


def best_masks(shares: Mapping[str, float]) -> Sequence[str]:
    """Of the set to write into the manifest; none where the usual words are better."""
    best = max(SETS, key=lambda name: shares[name])
    return () if best == USUAL or shares[best] < LEAST else SETS[best]


def _is_copied(carrier: str, masks: Sequence[str], translated: str) -> bool:
    used = [mask for number, mask in enumerate(masks[:2]) if f"{{{number}}}" in carrier]
    words = re.findall(r"\w+", translated)
    return all(words.count(mask) == 1 and translated.count(mask) == 1 for mask in used)
