"""English: vocabulary and schemas."""

from __future__ import annotations

from resources.sample.composing import Language, Schema


def _person(name: str, she: bool) -> dict[str, str]:
    if she:
        return {"name": name, "he": "she", "He": "She", "his": "her", "him": "her"}
    return {"name": name, "he": "he", "He": "He", "his": "his", "him": "him"}


def _thing(name: str, article: str = "a") -> dict[str, str]:
    return {"a": f"{article} {name}", "the": f"the {name}", "bare": name}


PEOPLE = [
    *[_person(n, True) for n in ("Mina", "Hana", "Lily", "Anna", "Rosa", "Emi", "Sara", "Nora", "Ella", "Yuki", "Kate", "Mary")],
    *[_person(n, False) for n in ("Ken", "Tom", "Taro", "Ben", "Leo", "Sam", "Hugo", "Jun", "Max", "Oscar", "Paul", "Rio")],
]  # fmt: skip

COMMON = {
    "when": ["One morning", "One day", "One afternoon", "Early one day", "After school", "On a quiet Sunday"],
    "weather": [
        "The sky was blue and the wind was soft.", "It was a cold day, and the air was clear.",
        "A warm sun shone on the roofs.", "Small white clouds went slowly by.",
        "The first snow lay on the ground.", "The leaves were red and yellow.",
        "It had rained at night, and the road was wet.", "The cherry trees were in flower.", "",
    ],
    "place": ["the park", "the river", "the old bridge", "the school", "the hill", "the market", "the little station", "the garden", "the temple gate", "the beach"],
    "helper": ["an old man", "a kind woman", "a teacher", "a baker", "a farmer", "a boy with a blue hat", "a girl with a yellow bag"],
}  # fmt: skip

_SMALL = [
    _thing("red ball"), _thing("blue hat"), _thing("silver key"), _thing("little book"), _thing("green umbrella"),
    _thing("wooden box"), _thing("yellow scarf"), _thing("old watch", "an"), _thing("orange kite", "an"), _thing("paper boat"),
    _thing("small drum"), _thing("white glove"), _thing("music box"), _thing("glass bead"),
]  # fmt: skip
_ENDS = [
    "{a[name]} was very happy.", "{a[name]} smiled all the way home.", "That night {a[name]} slept well.",
    "{a[name]} never forgot that day.", "It was the best day of the week.", "{a[name]} felt warm inside.",
    "From that day on, {a[name]} and {b[name]} were good friends.", "They laughed until the sun went down.",
]  # fmt: skip

LOST = Schema(
    "lost",
    {
        "thing": _SMALL,
        "where": ["under a bench", "behind a tree", "in the tall grass", "near the water", "between two stones", "on top of a wall", "under some leaves"],
    },
    [
        ["{when} {a[name]} went to {place}.", "{when} {a[name]} was playing at {place}.", "{when} {a[name]} walked to {place} with {thing[a]}."],
        ["{weather}"],
        ["Suddenly {a[he]} could not find {a[his]} {thing[bare]}.", "But {a[his]} {thing[bare]} was gone.", "Then {a[he]} saw that {a[his]} {thing[bare]} was not in {a[his]} bag."],
        ["{a[He]} was sad.", "{a[He]} began to cry.", "{a[He]} did not know what to do.", "\"Where is it?\" {a[he]} asked."],
        ["{b[name]} came and said, \"Let us look for it together.\"", "{a[name]} asked {b[name]} for help.", "{b[name]} heard this and came at once."],
        ["They looked here and there for a long time.", "They asked {helper}, but nobody had seen it.", "First they looked on the road, and then they looked at {place} again."],
        ["At last {b[name]} found {thing[the]} {where}.", "In the end {thing[the]} was {where}.", "Then {a[name]} saw {thing[the]} {where}."],
        ["\"Thank you,\" said {a[name]}.", "{a[name]} thanked {b[name]} and gave {b[him]} a sweet cake.", "\"I will take better care of it,\" said {a[name]}."],
        _ENDS,
    ],
    [
        ("What did {a[name]} lose?", "{thing[bare]}"),
        ("Where was it?", "{where}"),
        ("Who helped {a[name]}?", "{b[name]}"),
    ],
)  # fmt: skip

SHARE = Schema(
    "share",
    {"food": ["a big red apple", "a warm sweet potato", "two rice balls", "a piece of cake", "a bag of cherries", "a sweet orange", "some fresh bread", "a box of cookies"]},
    [
        ["{when} {a[name]} had {food}.", "{when} {a[name]} got {food} from {helper}.", "{when} {a[name]} took {food} to {place}."],
        ["{weather}"],
        ["{a[He]} wanted to eat it all alone.", "It smelled very good.", "{a[He]} sat down and opened the paper."],
        ["Then {b[name]} came by.", "Just then {b[name]} sat down beside {a[him]}.", "Near the road stood {b[name]}."],
        ["{b[name]} had forgotten {b[his]} lunch.", "{b[name]} was hungry and tired.", "{b[name]} had nothing to eat that day."],
        ["{a[name]} thought for a moment.", "{a[name]} looked at {a[his]} food and then at {b[name]}.", "At first {a[name]} said nothing."],
        ["\"Half of it is for you,\" said {a[name]}.", "\"Let us eat together,\" {a[name]} said.", "{a[name]} gave half of it to {b[name]}."],
        ["It tasted even better together.", "{b[name]} smiled and said, \"Thank you.\"", "They ate slowly and talked about {place}."],
        ["The next day {b[name]} brought {a[name]} a flower.", "The next day {b[name]} shared {b[his]} lunch too.", "Later {b[name]} showed {a[name]} a secret path."],
        _ENDS,
    ],
    [("What did {a[name]} have?", "{food}"), ("Who was given half of it?", "{b[name]}")],
)  # fmt: skip

SKILL = Schema(
    "skill",
    {
        "skill": ["ride a bicycle", "swim", "play the flute", "write with a brush", "whistle", "fly a kite", "jump rope", "fold a paper crane", "skate", "read the clock"],
        "days": ["three days", "a week", "ten days", "two weeks", "many days"],
    },
    [
        ["{a[name]} could not {skill}.", "{a[name]} wanted to learn to {skill}.", "All {a[his]} friends could {skill}, but {a[name]} could not."],
        ["{when} {a[he]} tried for the first time.", "{when} {a[he]} went to {place} and tried it.", "{when} {a[he]} began to practice near {place}."],
        ["{weather}"],
        ["It did not go well.", "{a[He]} made one mistake after another.", "After a short time {a[he]} was tired and angry."],
        ["\"I will never learn it,\" {a[he]} said.", "\"It is too hard,\" said {a[name]}.", "{a[He]} wanted to go home."],
        ["{b[name]} said, \"I could not do it either at first.\"", "{b[name]} laughed kindly and said, \"Try a little every day.\"", "\"Slowly, slowly,\" said {b[name]}."],
        ["So {a[name]} practiced for {days}.", "{a[name]} tried again every day for {days}.", "For {days} {a[name]} did not give up."],
        ["Then suddenly it worked.", "And one evening {a[he]} could do it.", "At last it was easy."],
        ["\"Look, {b[name]}!\" {a[he]} called.", "{b[name]} clapped {b[his]} hands.", "\"You see?\" said {b[name]}."],
        ["Now {a[name]} teaches the little ones.", "{a[name]} was proud, and {b[name]} was proud too.", "{a[name]} was very happy.", "That night {a[name]} slept well."],
    ],
    [("How long did {a[name]} practice?", "{days}"), ("Who gave {a[name]} good advice?", "{b[name]}")],
)  # fmt: skip

RAIN = Schema(
    "rain",
    {"cover": ["a big tree", "an old roof", "the bridge", "a small shop", "the station roof"]},
    [
        ["{when} {a[name]} was on the way home from {place}.", "{when} {a[name]} came out of the school.", "{when} {a[name]} walked alone along the road."],
        ["Suddenly it began to rain.", "Dark clouds came, and then the rain fell.", "The rain came down hard."],
        ["{a[name]} had no umbrella.", "{a[He]} had left {a[his]} umbrella at home.", "{a[name]}'s shoes were wet at once."],
        ["{a[He]} ran and stood under {cover}.", "{a[He]} waited under {cover}.", "{a[He]} found a dry place under {cover}."],
        ["There stood {helper} too.", "It was cold, and nobody came.", "The drops made a little song."],
        ["Then {b[name]} came with a large umbrella.", "After some time {b[name]} came along the road.", "\"Come with me,\" called {b[name]}."],
        ["\"There is room for two,\" said {b[name]}.", "{b[name]} held the umbrella over both of them.", "They walked close together."],
        ["On the way they jumped over the water.", "They talked about {place} and forgot the rain.", "They sang, and the rain was not so cold."],
        ["Before the door they saw a rainbow.", "When they came home, the sun came out.", "At home there was hot tea."],
        _ENDS,
    ],
    [("Where did {a[name]} wait?", "under {cover}"), ("Who came with an umbrella?", "{b[name]}")],
)  # fmt: skip

NIGHT = Schema(
    "night",
    {"sound": ["a strange sound", "a soft knock", "a low voice", "steps on the stairs", "a long cry"], "cause": ["a small owl", "the wind in the door", "a branch at the window", "the cat with a ball", "a mouse behind the wall", "the old clock"]},
    [
        ["One night {a[name]} could not sleep.", "It was late, and {a[name]} lay in bed.", "In the middle of the night {a[name]} woke up."],
        ["The moon was round and white.", "The house was dark and still.", "Outside the wind was blowing."],
        ["Then {a[he]} heard {sound}.", "There was {sound}.", "From somewhere came {sound}."],
        ["{a[name]} was afraid and hid under the blanket.", "{a[name]}'s heart beat fast.", "\"Who is there?\" {a[he]} asked, but nobody answered."],
        ["{a[He]} called {b[name]}.", "{a[He]} woke {b[name]}.", "{b[name]} heard it too and lit a lamp."],
        ["\"Let us look,\" said {b[name]}, and took {a[him]} by the hand.", "Together they went down the stairs.", "They opened the door very slowly."],
        ["It was only {cause}.", "And there they saw it: it was {cause}.", "The sound came from {cause}."],
        ["They looked at each other and laughed.", "\"So that was our ghost,\" said {b[name]}.", "\"Good night,\" {a[name]} said to it."],
        ["Then both went back to bed.", "They drank warm milk and slept until morning.", "After that the dark was not so dark."],
    ],
    [("What did {a[name]} hear?", "{sound}"), ("What was it?", "{cause}")],
)  # fmt: skip

LETTER = Schema(
    "letter",
    {"far": ["in the north", "by the sea", "in the big city", "on an island", "behind the mountains"], "who": ["grandmother", "grandfather", "aunt", "uncle", "cousin"], "gift": ["a pressed flower", "a drawing of the house", "a shell", "a leaf from the garden", "a paper star"]},
    [
        ["{a[name]}'s {who} lived {far}.", "Far away, {far}, lived {a[name]}'s {who}."],
        ["{when} {a[name]} thought of {a[his]} {who} and wanted to write a letter.", "{when} {a[he]} took paper and a pencil and began to write."],
        ["{weather}"],
        ["\"How are you?\" {a[he]} wrote. \"I am well.\"", "{a[He]} wrote about {place} and about {b[name]}.", "{a[He]} wrote slowly, because the words were long."],
        ["{b[name]} helped {a[him]} with the hard words.", "{b[name]} looked at it and said, \"That is a good letter.\"", "When {a[he]} did not know a word, {a[he]} asked {b[name]}."],
        ["{a[name]} put {gift} into the letter.", "At the end {a[he]} added {gift}.", "Then {gift} went into the letter too."],
        ["Together they took it to the post.", "They ran to the red mail box.", "{b[name]} had a stamp with a bird on it."],
        ["Seven days later an answer came.", "After a week the postman brought an answer.", "Many days went by, and then an answer came."],
        ["\"Your letter stands on my table,\" wrote the {who}.", "\"Come and see me in summer,\" wrote the {who}.", "\"I read it every evening,\" wrote the {who}."],
        ["{a[name]} read it again and again.", "{a[name]} showed it to {b[name]} at once.", "{a[name]} put the answer under {a[his]} pillow.", "{a[name]} was very happy."],
    ],
    [("What did {a[name]} put into the letter?", "{gift}"), ("Where did the {who} live?", "{far}")],
)  # fmt: skip

GARDEN = Schema(
    "garden",
    {"plant": ["a pumpkin", "a sunflower", "a tomato", "a bean", "a radish", "a melon"], "trouble": ["The snails came and ate the leaves.", "For a long time no rain fell.", "A strong wind broke the stick.", "The crows came every morning.", "The weeds grew faster."], "help": ["brought water in a bucket", "made a little fence", "tied it to a strong stick", "made a scarecrow from an old coat", "pulled out the weeds"]},
    [
        ["In spring {a[name]} put a seed into the ground.", "{when} {a[name]} planted a seed near the house.", "One spring day {helper} gave {a[name]} a seed."],
        ["\"It will be {plant},\" {a[he]} said.", "{a[He]} wanted to grow {plant}."],
        ["Every morning {a[he]} gave it water.", "{a[He]} looked at it before school and after school.", "For days nothing happened."],
        ["Then a small green leaf came out.", "One morning there was a green point in the ground."],
        ["{trouble}"],
        ["{a[name]} was worried, and {b[name]} came to help.", "\"Do not worry,\" said {b[name]}.", "{a[name]} asked {b[name]} what to do."],
        ["{b[name]} {help}.", "Together with {a[name]}, {b[name]} {help}."],
        ["The plant grew and grew.", "Soon it was as tall as {a[name]}.", "In summer it was strong and green."],
        ["In autumn they had {plant} as big as a head.", "And then, there it was: {plant}.", "At last they could pick {plant}."],
        ["They ate it with all the neighbors.", "{a[name]} kept one seed for the next spring.", "They took it to school and everyone was surprised.", "{a[name]} and {b[name]} made soup, and it was good."],
    ],
    [("What did {a[name]} want to grow?", "{plant}"), ("What did {b[name]} do?", "{help}")],
)  # fmt: skip

ANIMAL = Schema(
    "animal",
    {"animal": ["kitten", "puppy", "duckling", "little bird", "young fox", "turtle"], "state": ["was stuck in a hole", "had hurt its leg", "was lost", "was cold and wet", "could not get down from a wall"], "care": ["made a bed of soft cloth", "gave it some milk", "dried it with a towel", "carried it home in a basket", "put a bandage on its leg"]},
    [
        ["{when} {a[name]} and {b[name]} were at {place}.", "{when} {a[name]} met {b[name]} at {place}."],
        ["{weather}"],
        ["There they heard a small voice.", "\"Listen!\" said {b[name]}.", "Something moved in the grass."],
        ["It was a {animal}.", "A {animal} looked at them."],
        ["The {animal} {state}.", "The poor {animal} {state}."],
        ["\"We must help it,\" said {a[name]}.", "{a[name]} went down on {a[his]} knees.", "\"Do not be afraid,\" {a[name]} said softly."],
        ["{a[name]} {care}.", "{b[name]} {care}.", "First they were very quiet, and then {a[name]} {care}."],
        ["The next day it was better.", "After three days it could run again.", "Slowly the {animal} opened its eyes."],
        ["Then its mother came and called it.", "They asked everyone in the village whose it was.", "In the village {helper} knew where it came from."],
        ["The {animal} looked back once and was gone.", "Every spring it comes back to see them.", "Since then the {animal} lives with {a[name]}.", "\"Goodbye, little {animal},\" said {b[name]}."],
    ],
    [("What animal did they find?", "{animal}"), ("What was the trouble?", "{state}")],
)  # fmt: skip

MARKET = Schema(
    "market",
    {"goods": ["three eggs", "a loaf of bread", "a fish", "some salt", "five apples", "a bag of rice", "a bunch of carrots", "a bottle of milk"], "instead": ["a puppet show", "a man with a monkey", "a girl who played the violin", "a juggler with six balls", "a parrot that could talk"]},
    [
        ["{a[name]}'s mother said, \"Please buy {goods}.\"", "{when} {a[name]} was sent to the market to buy {goods}.", "{a[name]}'s father needed {goods} from the market."],
        ["{a[name]} put the coins in {a[his]} pocket and went.", "{a[He]} said the words again and again on the way.", "It was {a[his]} first time alone."],
        ["{weather}"],
        ["At the market there was {instead}.", "On the way {a[he]} saw {instead}.", "In the square stood {instead}."],
        ["{a[name]} looked and looked and forgot the time.", "{a[He]} laughed with all the others.", "It was so beautiful that {a[he]} stood still."],
        ["When {a[he]} came to the shop, it was closed.", "Then the bell rang, and the shops began to close.", "And what was {a[he]} to buy? {a[He]} had forgotten it."],
        ["There {a[he]} met {b[name]}.", "{b[name]} saw that {a[he]} was sad.", "\"What is the matter?\" asked {b[name]}."],
        ["{b[name]} knew a back door and went with {a[him]}.", "{b[name]} went home with {a[him]} to ask again.", "\"I know what you need,\" said {b[name]}, \"you told me this morning.\""],
        ["So {a[name]} came home with {goods}.", "In the end {a[name]} carried {goods} home.", "Late, but proud, {a[name]} put {goods} on the table."],
        ["\"You are late,\" said {a[his]} mother, \"but you did well.\"", "That evening they ate together, and {b[name]} was there too.", "{a[name]} was very happy.", "{a[name]} never forgot that day."],
    ],
    [("What was {a[name]} to buy?", "{goods}"), ("What did {a[name]} see?", "{instead}")],
)  # fmt: skip

ENGLISH = Language(
    "en", PEOPLE, COMMON, [LOST, SHARE, SKILL, RAIN, NIGHT, LETTER, GARDEN, ANIMAL, MARKET], " ",
    "Question: ", "Answer: ",
)  # fmt: skip
