#!/usr/bin/env python3
"""Makes the built-in catalogue of songs, src/songs/catalogue/songs.jsonl, from scripts/catalogue/*.txt.

    scripts/make-catalogue.py           write it
    scripts/make-catalogue.py --check   say whether what is there is what would be written

A title stands under what it is about (its scene). The scene says which moods the song has and how strong and bright it is; a
genre and a decade are given to it so that every genre has songs of every kind in every decade, and both say how fast it is.
Nothing here depends on the time, the machine or the version of Python: the same texts make the same bytes.
"""

import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXTS = ROOT / "scripts" / "catalogue"
TARGET = ROOT / "src" / "songs" / "catalogue" / "songs.jsonl"
SEED = "moodcall-1"

# Kind: strong or soft, bright or dark. Then energy and valence from, to in hundredths; the first mood, and others with how
# many in a hundred songs have them.
SCENES = {
    "party": ("strong bright", (80, 97), (76, 95), "happiness", {"surprise": 25}),
    "joy": ("strong bright", (60, 78), (82, 96), "happiness", {}),
    "drive": ("strong bright", (64, 84), (64, 82), "happiness", {"neutral": 35}),
    "triumph": ("strong bright", (82, 99), (60, 76), "happiness", {"surprise": 20}),
    "flutter": ("strong bright", (55, 68), (74, 91), "happiness", {"surprise": 55}),
    "wonder": ("strong bright", (60, 84), (62, 84), "surprise", {"happiness": 60}),
    "calm": ("soft bright", (10, 26), (56, 74), "neutral", {}),
    "warm": ("soft bright", (20, 37), (64, 82), "neutral", {"happiness": 55}),
    "morning": ("soft bright", (34, 46), (66, 85), "happiness", {"neutral": 70}),
    "focus": ("soft bright", (22, 38), (53, 63), "neutral", {}),
    "night": ("soft dark", (35, 47), (38, 49), "neutral", {"sadness": 30}),
    "heartbreak": ("soft dark", (16, 38), (8, 22), "sadness", {}),
    "rain": ("soft dark", (16, 36), (20, 36), "sadness", {"neutral": 50}),
    "longing": ("soft dark", (22, 42), (26, 41), "sadness", {"neutral": 40}),
    "lonely": ("soft dark", (10, 28), (10, 27), "sadness", {"fear": 25}),
    "anger": ("strong dark", (82, 99), (10, 27), "anger", {"disgust": 20, "contempt": 15}),
    "fear": ("strong dark", (56, 78), (8, 25), "fear", {"surprise": 20, "sadness": 15}),
    "contempt": ("strong dark", (60, 80), (26, 40), "contempt", {"anger": 30, "disgust": 15}),
    "disgust": ("strong dark", (58, 80), (12, 29), "disgust", {"anger": 45, "contempt": 25}),
}

# Genre: parts in fourteen that are strong and bright, strong and dark, soft and bright, soft and dark; what is added to the
# energy in hundredths; beats per minute from, to; scenes that suit it, scenes that do not.
GENRES = {
    "pop": ((5, 2, 4, 3), 0, (84, 128), "joy flutter drive heartbreak", ""),
    "k-pop": ((6, 3, 2, 3), 3, (92, 138), "flutter triumph party contempt", "focus"),
    "j-pop": ((5, 2, 4, 3), 2, (88, 164), "wonder morning longing joy", "disgust"),
    "hip-hop": ((4, 5, 2, 3), 2, (74, 104), "triumph contempt anger night disgust", "calm warm morning"),
    "rnb": ((3, 2, 5, 4), -3, (62, 98), "night flutter warm contempt", "anger triumph"),
    "ballad": ((2, 1, 4, 7), -7, (54, 82), "heartbreak longing warm flutter fear", "party triumph anger disgust focus"),
    "dance": ((7, 3, 2, 2), 5, (112, 136), "party drive triumph anger", "heartbreak lonely focus"),
    "indie": ((3, 2, 5, 4), -2, (72, 124), "morning rain calm drive lonely", "party"),
    "ost": ((3, 3, 4, 4), -4, (58, 118), "wonder fear calm focus rain", "contempt party"),
}
KINDS = ("strong bright", "strong dark", "soft bright", "soft dark")

# Energy and valence that a song of a kind keeps, in thousandths, whatever its genre adds.
BOUNDS = {
    "strong bright": ((540, 990), (590, 970)),
    "strong dark": ((560, 990), (60, 410)),
    "soft bright": ((80, 470), (530, 860)),
    "soft dark": ((80, 470), (60, 490)),
}

# How many songs a decade has beside the others. The wizard offers the last three.
DECADES = {1980: 66, 1990: 66, 2000: 100, 2010: 100, 2020: 100}
# In which decades the artists of a genre, in their order, begin; each sings for two.
BEGINNINGS = (1980, 1980, 1980, 1990, 1990, 2000, 2000, 2000, 2010, 2010, 2010, 2010)


class Dice:
    """Numbers that follow from a name: the first bytes of SHA-256 of it and a count."""

    def __init__(self, *name):
        self.name = "/".join((SEED,) + tuple(str(part) for part in name))
        self.count = 0

    def below(self, most):
        self.count += 1
        digest = hashlib.sha256(f"{self.name}#{self.count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % most

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def shuffled(self, items):
        items = list(items)
        for at in range(len(items) - 1, 0, -1):
            other = self.below(at + 1)
            items[at], items[other] = items[other], items[at]
        return items


def sections(name):
    """The lines of a text file under their headings, each cut at its bars."""
    found, heading = {}, None
    for line in (TEXTS / name).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            heading = line.strip("[]")
            found[heading] = []
        else:
            found[heading].append([part.strip() for part in line.split("|")])
    return found


def slots(kind, most):
    """Which genre and decade the `most` songs of a kind go to: shares rounded so that they add up."""
    at = KINDS.index(kind)
    shares = {(g, d): GENRES[g][0][at] * DECADES[d] for g in GENRES for d in DECADES}
    whole = sum(shares.values())
    counts = {cell: most * share // whole for cell, share in shares.items()}
    rest = sorted(shares, key=lambda cell: (-(most * shares[cell] % whole), cell))
    for cell in rest[: most - sum(counts.values())]:
        counts[cell] += 1
    return [cell for cell in sorted(counts) for _ in range(counts[cell])]


def placed(titles):
    """Every title with its scene, genre and decade."""
    songs = []
    for kind in KINDS:
        pool = [(scene, names) for scene in SCENES if SCENES[scene][0] == kind for names in titles[scene]]
        pool = Dice("pool", kind).shuffled(pool)
        seen = {}
        for cell in Dice("cells", kind).shuffled(slots(kind, len(pool))):
            genre, decade = cell
            likes, dislikes = GENRES[genre][3].split(), GENRES[genre][4].split()

            def fit(at):
                scene = pool[at][0]
                left = sum(1 for one, _ in pool if one == scene)
                liked = (scene in likes) - 2 * (scene in dislikes)
                return (2 * liked - seen.get((cell, scene), 0), left, -at)

            scene, names = pool.pop(max(range(len(pool)), key=fit))
            seen[cell, scene] = seen.get((cell, scene), 0) + 1
            songs.append((scene, genre, decade, names, False))
    for ko, en, genre, scene in titles["traditional"]:
        decade = Dice("traditional", en).shuffled(DECADES)[0]
        songs.append((scene, genre, decade, [ko, en], True))
    return songs


def within(value, bounds):
    return max(bounds[0], min(bounds[1], value))


def features(scene, genre, names):
    """How a song feels and what its preview is played from."""
    dice = Dice("song", *names)
    kind, energies, valences, first, others = SCENES[scene]
    (_, _, _, _), louder, (slow, fast), _, _ = GENRES[genre]
    energy = within(dice.between(energies[0] * 10, energies[1] * 10) + louder * 10, BOUNDS[kind][0])
    valence = within(dice.between(valences[0] * 10, valences[1] * 10), BOUNDS[kind][1])
    moods = [first] + [mood for mood, share in others.items() if dice.below(100) < share]
    minor = dice.below(100) < (88 if valence < 400 else 50 if valence < 550 else 12)
    tempo = within(slow + (fast - slow) * energy // 1000 + dice.between(-5, 5), (slow, fast))
    return {
        "tempo": tempo,
        "energy": energy,
        "valence": valence,
        "moods": moods,
        "pitch": dice.below(12),
        "minor": minor,
        "seconds": dice.between(60, 150),
        "seed": dice.below(2**32),
    }


def catalogue():
    titles, artists = sections("titles.txt"), sections("artists.txt")
    used, songs = {}, []
    for scene, genre, decade, names, traditional in placed(titles):
        artist = ["구전", "Traditional"]
        if not traditional:
            active = [one for one, start in zip(artists[genre], BEGINNINGS) if decade in (start, start + 10)]
            order = Dice("artist", *names).shuffled(active)
            artist = min(order, key=lambda one: used.get((decade, one[1]), 0))
            used[decade, artist[1]] = used.get((decade, artist[1]), 0) + 1
        song = {"title_ko": names[0], "title_en": names[1], "artist_ko": artist[0], "artist_en": artist[1]}
        song |= {"genre": genre, "decade": decade, "scene": scene}
        song |= features(scene, genre, names)
        if traditional:
            song["traditional"] = True
        songs.append(song)
    songs.sort(key=lambda song: (song["genre"], song["decade"], song["title_en"]))
    for field in ("title_ko", "title_en"):
        folded = [song[field].casefold() for song in songs]
        twice = sorted({title for title in folded if folded.count(title) > 1})
        if twice:
            sys.exit(f"{field} twice: {', '.join(twice)}")
    return "".join(json.dumps(song, ensure_ascii=False, separators=(",", ":")) + "\n" for song in songs)


def main():
    text = catalogue().encode()
    if "--check" in sys.argv[1:]:
        if not TARGET.is_file() or TARGET.read_bytes() != text:
            sys.exit(f"{TARGET.relative_to(ROOT)} is not what scripts/make-catalogue.py makes")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(text)
    print(f"{text.count(chr(10).encode())} songs, {len(text)} bytes")


if __name__ == "__main__":
    main()
