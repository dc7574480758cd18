"""Characters that are frequent in a script, and the encodings that it was written in before UTF-8.

A wrong decoding gives characters of the right kind, but not the frequent ones: the hundred most
frequent Chinese characters make up 40 % of a Chinese text and 2 % of a Japanese one that was taken
for Chinese. The lists are short on purpose: they need to be frequent, not complete.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["wide", "alphabet", "latin"]


class Script(NamedTuple):
    """`encodings` by how usual they are. `common` characters speak for a decoding, `others` little.
    `kind`: "wide" characters have several bytes; letters of an "alphabet" do not stand in one word with
    ASCII letters; "latin" ones do (é in French), and a long run of them is suspicious."""

    encodings: tuple[str, ...]
    common: frozenset[str]
    others: re.Pattern[str]
    kind: Kind
    words: re.Pattern[str] | None = None


_KANA = (
    "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7))))
    + "ー々、。「」『』・　（）《》｜―…！？※〒①②③④⑤⑥⑦⑧⑨⑩㈱○●◎△▲□■◆→←↑↓★☆％"
)
_KANJI = (
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午"
    "百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会社的部者事自手地方内業場"
    "定新合同回化全体所動法対戦実関立度員期発民連通理現主最代理意家物力思経平政問明公作強文言原道心"
    "世界取持度知市町村区県都府京阪番号第字文章使用設定記表示変数場合値関数説明次注意目次例以"
)
_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "，。、“”！？：；《》（）"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡裏"
    "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實"
    "，。、「」！？：；《》（）"
)
_HANGUL = (
    "이다는의에가을고하지한은로기사리서대시도를인어자나일있정그스전들해아수부제보것여장라주오상구과만유라"
    "원공조성치비생우안우면적게동요신국와으니무위중경문학세마모소용분선되었습없관내계말며때교개실회"
)
_HALF_WIDTH = re.compile(
    r"(?<![^\x00-\x7f])(?![｡-ﾟ]*?[｡-･].[｡-･])(?:[ｳｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ|[｡-ﾝ]){3,}(?![^\x00-\x7f])"  # Voiced marks only where they may stand; every other sign a stop is EUC-JP.
)
_CJK = re.compile("[\u3400-\u9fff]")


def _script(
    kind: Kind,
    encodings: str,
    common: str,
    others: re.Pattern[str],
    words: re.Pattern[str] | None = None,
) -> Script:
    return Script(tuple(encodings.split()), frozenset(common), others, kind, words)


SCRIPTS = (
    # Half-width kana have one byte each, as anything may have: they say little but as whole words.
    _script("wide", "cp932 euc_jp", _KANA + _KANJI, re.compile("[\u4e00-\u9fff｡-ﾟ！-～]"), _HALF_WIDTH),
    _script("wide", "gb18030", _SIMPLIFIED, _CJK),
    _script("wide", "big5", _TRADITIONAL, _CJK),
    _script("wide", "cp949", _HANGUL, re.compile("[가-힣]")),
    _script(
        "alphabet", "cp1251 koi8_r iso8859_5 cp866", "оеаинтсрвлкмдпуьыяії", re.compile("[абвгджзйфхцчшщъэюёіїєА-Я]")
    ),
    _script("alphabet", "cp1253 iso8859_7", "αοιετσνηυρπκμλςάίόέώή", re.compile("[β-ωύΑ-Ω]")),
    _script("alphabet", "cp1255", "יוהלאמרשתבכנדם", re.compile("[א-ת]")),
    _script("alphabet", "cp1256", "اليمنورتبةعدسفهك", re.compile("[ء-ي]")),
    _script("alphabet", "cp874", "านรอกเงมยลวดทสตะปบหแจพชขใไโผ่้ีิัุู์ื็ำ", re.compile("[ก-๛]")),
    _script(
        "latin", "cp1252", "éèàùâêîôûçëïüöäßñáíóúãõåæøœÉÀÇÖÄÜÑ“”‘’–—…«»°€£§•©®ªº¿¡ ½", re.compile("[À-ÿ]")
    ),
    _script(
        "latin", "cp1250 iso8859_2", "ąćęłńóśźżěščřžýáíéůúďťňőűöüäôľĺŕşţăâî„”“–Ł…", re.compile("[Á-ž]")
    ),
    _script("latin", "cp1254", "ışğçöüİâîûŞÇÖÜ’“”", re.compile("[À-ÿ]")),
)  # fmt: skip
