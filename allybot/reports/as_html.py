"""Figures as one page that stands alone: no script, no outside file, readable without colour or by ear.

It prints on one or two A4 pages a program, in black on white.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

from allybot.domain.figures import Release, Summary
from allybot.domain.trends import trends
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures, moments, reading
from allybot.reports import NONE_YET
from allybot.reports.html_parts import paragraphs, picture, table

_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 1.4rem 0 .3rem }
p, ul, dl { margin: .35rem 0 } ul, ol { padding-left: 1.2rem }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 }
caption { text-align: left; font-size: .9em; padding-bottom: .2rem }
th, td { text-align: left; vertical-align: top }
th, td { padding: .18rem .8rem .18rem 0; border-bottom: 1px solid #8888 }
th { font-weight: normal } thead th, tfoot th, tfoot td { font-weight: 600 }
td { white-space: nowrap }
figure { margin: .6rem 0 } svg { display: block; width: 100%; height: auto; max-width: 40rem }
dt { font-weight: 600; float: left; margin-right: .4rem } dt::after { content: ":" } dd { margin: 0 0 .2rem }
.headline { font-size: 1.25rem; font-weight: 600; margin: .3rem 0 }
.small, .footnote, footer { font-size: .9em }
.footnotes { border-top: 1px solid #8888; padding-top: .3rem }
@page { size: A4; margin: 14mm 16mm }
@media print {
  :root { color-scheme: light }
  body { margin: 0; max-width: none; padding: 0; font-size: 9pt; line-height: 1.35 }
  body { color: #000; background: #fff }
  h1 { font-size: 15pt } h2 { font-size: 11pt; margin-top: .8rem } .headline { font-size: 12pt }
  p, ol, dl, table, figure { margin: .25rem 0 } svg { max-width: 30rem }
  section + section.program { break-before: page }
  table, figure, .together { break-inside: avoid } h2 { break-after: avoid }
}
"""


def write(summaries: Sequence[Summary], on: date) -> str:
    """The whole page.

    Args:
        summaries: the programs.
        on: the day on which the page is made.
    """
    title = f"Transfer outcomes: {summaries[0].program}" if len(summaries) == 1 else "Transfer outcomes"
    heading = "" if len(summaries) == 1 else f"<h1>{title}</h1>\n"
    sections = "\n".join(_program(summary, alone=len(summaries) == 1) for summary in summaries)
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{heading}{sections or f"<p>{NONE_YET}</p>"}
</main>
<footer>
<p>This page was made on {ENGLISH.day_and_year(on)} by allybot, from figures that were published once and \
do not change. Everybody who takes part was told the same figures.</p>
</footer>
</body>
</html>
"""


def _program(summary: Summary, *, alone: bool) -> str:
    level, name = ("h1", f"Transfer outcomes: {summary.program}") if alone else ("h2", summary.program)
    parts = [f"<{level}>{escape(name)}</{level}>"]
    if summary.contact:
        parts.append(paragraphs(f"Whom to turn to with questions: {summary.contact}.", kind="small"))
    parts += [_release(release, summary) for release in summary.releases] or [f"<p>{NONE_YET}</p>"]
    if between := trends(summary.releases):
        beside = paragraphs(*(reading.beside_each_other(ENGLISH, trend) for trend in between))
        parts.append(f'<div class="together"><h2>One period beside the other</h2>\n{beside}</div>')
    parts.append(f"<h2>What comes next</h2>\n{paragraphs(*figures.upcoming(ENGLISH, summary))}")
    if any(release.cells for release in summary.releases):
        parts += [_reading(summary.releases), f'<div class="footnotes">{_footnotes(summary.releases)}</div>']
    told = "\n".join(parts)
    return f'<section class="program">\n{told}\n</section>'


def _release(release: Release, summary: Summary) -> str:
    title = f"<h2>Weeks {escape(figures.weeks(release.window))}"
    if not release.cells:
        return f"{title}</h2>\n{paragraphs(figures.why_void(ENGLISH, release, summary.minimum_respondents))}"
    said = (figures.headline(ENGLISH, release), figures.silence(ENGLISH, release))
    had = (moments.headline(ENGLISH, release), moments.silence(ENGLISH, release))
    parts = [
        f'<div class="together">{title}, {escape(figures.published(ENGLISH, release))}</h2>',
        paragraphs(said[0], kind="headline"),
        paragraphs(" ".join(filter(None, (figures.answered(ENGLISH, release), said[1])))),
        f"{picture(release, release.acted, 'acted', ' '.join(said))}</div>",
        '<div class="together">' if release.had_a_moment else "",
        paragraphs(had[0], kind="headline"),
        paragraphs(had[1]),
        picture(release, release.had_a_moment, "told of a moment", " ".join(had)),
        "</div>" if release.had_a_moment else "",
        table(release),
        paragraphs(figures.adds_up(ENGLISH, release), figures.no_reasons(ENGLISH, release), kind="small"),
    ]
    return "\n".join(part for part in parts if part)


def _reading(releases: Sequence[Release]) -> str:
    with_moments = reading.have_moments(releases)
    sentences = "\n".join(f"<li>{escape(each)}</li>" for each in reading.how_to_read(ENGLISH, releases))
    words = "\n".join(
        f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>"
        for word, meaning in reading.glossary(ENGLISH, with_moments=with_moments)
    )
    return f"""<div class="together small"><h2>How to read this</h2>
<ol>
{sentences}
</ol></div>
<div class="together small"><h2>What the words mean</h2>
<dl>
{words}
</dl></div>"""


def _footnotes(releases: Sequence[Release]) -> str:
    return paragraphs(*(figures.elsewhere(ENGLISH, release) for release in releases), kind="footnote")
