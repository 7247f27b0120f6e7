"""Telegram's HTML."""

import pytest

from bot.playground.entities import MAX_ENTITIES, Entity, given, parse_html, utf16_length
from bot.playground.refusals import Refused


def entity(kind: str, offset: int, length: int, **more: object) -> Entity:
    """Write an entity on one line."""
    return {"type": kind, "offset": offset, "length": length, **more}


READ = [
    ("plain", "plain", []),
    ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
    ("<i>a</i> <em>b</em>", "a b", [entity("italic", 0, 1), entity("italic", 2, 1)]),
    ("<u>a</u> <ins>b</ins>", "a b", [entity("underline", 0, 1), entity("underline", 2, 1)]),
    (
        "<s>a</s> <strike>b</strike> <del>c</del>",
        "a b c",
        [entity("strikethrough", 0, 1), entity("strikethrough", 2, 1), entity("strikethrough", 4, 1)],
    ),
    (
        '<tg-spoiler>a</tg-spoiler> <span class="tg-spoiler">b</span>',
        "a b",
        [entity("spoiler", 0, 1), entity("spoiler", 2, 1)],
    ),
    ("<B>a</b>", "a", [entity("bold", 0, 1)]),
    ("😀<b>😀a</b>", "😀😀a", [entity("bold", 2, 3)]),
    ("è <i>più</i>", "è più", [entity("italic", 2, 3)]),
    ("<b>a <i>b</i></b>", "a b", [entity("bold", 0, 3), entity("italic", 2, 1)]),
    ("<b>a <b>b</b></b>", "a b", [entity("bold", 0, 3)]),
    ('<a href="http://x.it/?a=1&amp;b=2">k</a>', "k", [entity("text_link", 0, 1, url="http://x.it/?a=1&b=2")]),
    ("<a>http://x.it/y</a>", "http://x.it/y", [entity("text_link", 0, 13, url="http://x.it/y")]),
    ('<a href="not a link">k</a>', "k", []),
    ("<code>x</code>", "x", [entity("code", 0, 1)]),
    ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
    ('<pre><code class="language-python">x</code></pre>', "x", [entity("pre", 0, 1, language="python")]),
    ("<b>a <code>b</code> c</b>", "a b c", [entity("bold", 0, 2), entity("code", 2, 1), entity("bold", 3, 2)]),
    (
        "<i>a<blockquote>b<code>c</code>d</blockquote>e</i>",
        "abcde",
        [
            entity("italic", 0, 1),
            entity("blockquote", 1, 3),
            entity("italic", 1, 1),
            entity("code", 2, 1),
            entity("italic", 3, 1),
            entity("italic", 4, 1),
        ],
    ),
    ("<pre>a <blockquote>b</blockquote> <b>c</b></pre>", "a b c", [entity("pre", 0, 5)]),
    ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
    (
        "<blockquote expandable><b>a</b></blockquote>",
        "a",
        [entity("expandable_blockquote", 0, 1), entity("bold", 0, 1)],
    ),
    ('<tg-emoji emoji-id="5368">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="5368")]),
    (
        '<tg-time unix="1800" format="r">t</tg-time>',
        "t",
        [entity("date_time", 0, 1, unix_time=1800, date_time_format="r")],
    ),
    ("&lt;b&gt; &amp; &quot;&#39;&#x1F600;", "<b> & \"'😀", []),
    ("&nbsp;&foo; &", "&nbsp;&foo; &", []),
    ("  <b>a</b> \n", "a", [entity("bold", 0, 1)]),
    ("a <b>b  \n</b> ", "a b", [entity("bold", 2, 1)]),
    ("<b></b>a<i> </i>b", "a b", []),
    ("a\r\nb", "a\nb", []),
]


@pytest.mark.parametrize(("marked_up", "text", "entities"), READ)
def test_reads_what_telegram_reads(marked_up: str, text: str, entities: list[Entity]) -> None:
    """Tags become entities whose offsets count UTF-16 units of the trimmed text."""
    assert parse_html(marked_up) == (text, entities)


REFUSED = [
    ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
    ("è<br/>", 'Unsupported start tag "br/" at byte offset 2'),
    ("3 < 4", 'Unsupported start tag "" at byte offset 2'),
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>a", 'Can\'t find end tag corresponding to start tag "i"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>a <i>c</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
    ("a<b", "Unclosed start tag at byte offset 1"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
    ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
]


@pytest.mark.parametrize(("marked_up", "reason"), REFUSED)
def test_refuses_in_telegrams_words(marked_up: str, reason: str) -> None:
    """A fault is named as Telegram names it, with its offset in UTF-8 bytes."""
    with pytest.raises(Refused) as refused:
        parse_html(marked_up)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_ignores_entities_after_the_hundredth() -> None:
    """A message shows a hundred entities; the rest is plain text."""
    text, entities = parse_html("<b>a</b> " * 150)

    assert (len(entities), len(text)) == (MAX_ENTITIES, 299)


def test_counts_utf16_units() -> None:
    """An emoji outside the basic plane counts two, an accent one."""
    assert [utf16_length(text) for text in ("abc", "è", "😀", "a😀è")] == [3, 1, 2, 4]


def test_takes_listed_entities() -> None:
    """Entities may come as a list; those that Telegram finds itself are passed over."""
    listed = [entity("bold", 1, 2), entity("bot_command", 0, 1)]

    assert given(" abc ", listed) == ("abc", [entity("bold", 0, 2)])


@pytest.mark.parametrize("listed", [[entity("bold", 2, 5)], [entity("bold", -1, 1)], [entity("loud", 0, 1)], ["x"], {}])
def test_refuses_listed_entities_that_do_not_fit(listed: object) -> None:
    """A listed entity has a known kind and lies within the text."""
    with pytest.raises(Refused):
        given("abc", listed)
