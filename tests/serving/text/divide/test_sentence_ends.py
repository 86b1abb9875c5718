"""Hard sentences: quoted speech, abbreviations, ordinals. `|` stands where one ends."""

import pytest

from serving.text.divide.sentences import split_sentences

CASES = {
    "en": (
        "“Come in.” | She opened the door.",
        "“I am tired. | Let us go home,” he said.",
        "He said, “Wait! | Do not go.” | Then he left.",
        "“Is it you?” she asked.",
        "“Stop!” he cried. | Nobody stopped.",
        "Mr. Smith met Dr. Jones at 5 p.m. yesterday.",
        "He arrived at 5 p.m. | She left.",
        "See p. 5 for details.",
        "See fig. 3 and no. 7 in vol. 2.",
        "Add 2 tsp. of salt and 1 tbsp. of oil.",
        "It is approx. 5 km from here.",
        "The U.S. government said no.",
        "I live in the U.S. | It is big.",
        "J. R. R. Tolkien wrote it.",
        "Apples, pears, etc. are fruit.",
        "We sell apples, etc. | We also sell pears.",
        "Use e.g. this one, i.e. the best.",
        "Yahoo! is a company.",
        "What?! | No way.",
        "Wait... what is this?",
        "(This is true. | That is not.) | Go on.",
        "He left (see below). | Then it rained.",
        "Version 2.5 is out. | Get it.",
        "Visit St. Mary's church.",
        "Inc. and Ltd. are companies.",
        "Acme Inc. is big.",
        "Jan. 5 was cold. | Feb. 6 was warm.",
        "He has a Ph.D. in maths.",
        '"Go away." | "No," she said. | "I will stay."',
        "‘I know.’ | ‘Good.’",
        'She asked "Why?" and left.',
        "Is that so? asked the man.",
        "They arrived on Sept. 11 in the morning.",
        "Chapter 3. | The End.",
        "The temperature was approx. 20 degrees.",
        "Capt. Ahab and Lt. Dan met Gen. Lee.",
        "Prof. Dr. Miller speaks.",
        "See Art. 5 of the law.",
        "Let's go!... | Now.",
        "Oh! that is nice.",
        "vs. the others",
        "Take those where index%3!=0 holds.",
    ),
    "de": (
        "Am 3. Oktober ist Feiertag. | Wir feiern.",
        "Er kam am 5. Mai 2020 an.",
        "Im 19. Jahrhundert war das so.",
        "Das ist z. B. gut.",
        "Das ist z.B. gut. | Und das d.h. nicht.",
        "Dr. Müller und Prof. Meier kommen.",
        "„Komm herein.“ | Sie öffnete die Tür.",
        "„Ich bin müde. | Gehen wir“, sagte er.",
        "»Halt!«, rief er. | Niemand hielt.",
        "Die Nr. 5 lebt.",
        "Siehe S. 5 und Bd. 2.",
        "Das kostet ca. 5 Euro.",
        "Sie wohnt in der Hauptstr. 5.",
        "Er wurde ca. 1900 geboren. | Er starb 1950.",
        "Das 1. Mal war schön.",
        "Ludwig XIV. war König.",
        "Bzw. das andere.",
        "Das sind u. a. Äpfel.",
        "Am Mo. 3. Juni um 5 Uhr.",
        "Es waren max. 5 Leute da. | Dann ging es los.",
        "Sie war die 2. Frau.",
        "usw. und so fort",
    ),
    "pt": (
        "Moro na Av. Paulista.",
        "Veja a pág. 5 do livro.",
        "No séc. XX foi assim.",
        "A Dra. Maria chegou. | Ela é médica.",
        "O Sr. Silva e a Sra. Costa saíram.",
        "“Entre.” | Ela abriu a porta.",
        "“Estou cansado. | Vamos,” disse ele.",
        "Custa aprox. 5 reais.",
        "Veja a fig. 3 e o art. 5.",
        "O Prof. João falou.",
        "D. Pedro II foi imperador.",
        "Tel. 5555 e ext. 3.",
        "V. Exa. pode entrar.",
        "Nasceu em 5 a.C. na Grécia.",
        "Obs. isso é importante.",
        "R. das Flores, n. 5.",
    ),
}
LOWER = "hello there. how are you? i am fine."


@pytest.mark.parametrize(
    ("language", "case"), [(code, case) for code, own in CASES.items() for case in own]
)
def test_a_sentence_ends_where_it_ends(language, case):
    text = case.replace(" | ", " ")
    pieces = list(split_sentences(text, language))
    assert "".join(pieces) == text
    assert [piece.strip() for piece in pieces if piece.strip()] == case.split(" | ")


def test_a_text_in_small_letters_is_divided_too():
    assert len([p for p in split_sentences(LOWER, "en") if p.strip()]) == 3
