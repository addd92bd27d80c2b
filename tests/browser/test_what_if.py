"""The section in which a reader asks what if, in a real browser that has no network."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from allocator.outputs.browser import program
from tests.helpers import firefox
from tests.helpers.browsers import TAGS, launched

ENDED = re.compile("Solved in|No plan|ended without|could not")


@pytest.fixture(scope="module")
def browser():
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run on the small data set, its page, and its page without what solves again."""
    folder = tmp_path_factory.mktemp("what_if")
    started = start_folder(folder / "mine", "small", workbook=False)
    plan, run = api.solve_and_write(str(started.folder / started.scenario), folder=folder / "run")
    for name, static in (("plan.html", False), ("static.html", True)):
        api.report(run, folder / name, static=static)
    return plan, folder


class Reader:
    """A reader of the page."""

    def __init__(self, browser, path, **context):
        self.context = browser.new_context(offline=True, **context)
        self.page = self.context.new_page()
        self.asked, self.said = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())
        self.facts = json.loads(self.page.locator("#what-if-facts").inner_text() or self.text("what-if-facts"))

    def text(self, key):
        return self.page.evaluate("(key) => document.getElementById(key).textContent", key)

    def ready(self):
        self.page.wait_for_selector("#what-if-area[data-ready]", timeout=120_000)
        self.page.evaluate("for (const one of document.querySelectorAll('.controls')) one.open = true")
        return self

    def number_of(self, setting):
        return next(f"#{one['key']}-number" for one in self.facts["controls"] if one["setting"] == setting)

    def move(self, setting, value):
        """Type a value, in the setting's own unit, and wait for the answer."""
        control = next(one for one in self.facts["controls"] if one["setting"] == setting)
        self.page.evaluate("document.getElementById('what-if-status').textContent = ''")
        self.page.fill(f"#{control['key']}-number", f"{value * control['per']:.12g}")
        self.answered()

    def answered(self):
        for _ in range(3000):
            if ENDED.search(self.text("what-if-status")):
                return
            self.page.wait_for_timeout(20)
        pytest.fail(f"no answer: {self.text('what-if-status')}")

    def saved(self, button):
        with self.page.expect_download() as found:
            self.page.click(button)
        return found.value.path().read_text(encoding="utf-8")

    def close(self):
        self.context.close()


@pytest.fixture(scope="module")
def reader(browser, made):
    found = Reader(browser, made[1] / "plan.html", accept_downloads=True).ready()
    yield found
    assert found.asked == [(made[1] / "plan.html").as_uri()] or all(
        url.startswith(("file:", "blob:")) for url in found.asked
    )
    assert found.said == []
    found.close()


@pytest.fixture
def as_in_the_run(reader):
    reader.page.click("#what-if-reset")
    reader.answered()
    return reader


def first(plan):
    return f"budget.by_year.{plan.data.years[0]}"


def test_the_page_starts_a_solver_without_a_network_and_says_so(reader):
    assert "Ready" in reader.text("what-if-status")
    assert all(not url.startswith(("http:", "https:")) for url in reader.asked)
    policy = reader.page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content")
    assert "'unsafe-eval'" not in policy
    assert "unsafe-inline" not in policy
    assert "connect-src" not in policy  # so that default-src 'none' refuses every connection
    assert policy.startswith("default-src 'none'")


def test_its_policy_refuses_whatever_would_ask_the_network(reader):
    refused = reader.page.evaluate(
        "async () => { try { await fetch('https://example.org/'); return ''; } catch (no) { return String(no); } }"
    )
    assert refused
    assert reader.said
    reader.said.clear()


def test_an_answer_is_that_of_the_command(as_in_the_run, made):
    reader, (plan, _) = as_in_the_run, made
    setting, value = first(plan), float(plan.data.budget[0]) * 1.05
    reader.move(setting, value)
    native = api.solve(plan.scenario.with_((f"{setting}={value}",)))
    shown = reader.page.locator("#what-if-headline tbody tr").first.locator("td").first.inner_text()
    assert shown == f"{native.recomputed.goal:,.0f}"
    reduction = native.recomputed.reduction[:, : len(plan.data.years)].sum(axis=0)
    rows = reader.page.locator("#what-if-headline tbody tr").all_inner_texts()
    assert [row.split("\t")[1] for row in rows[1 : 1 + len(reduction)]] == [f"{one:,.0f}" for one in reduction]
    assert [row.split("\t")[2] for row in rows[1 : 1 + len(reduction)]] == [
        f"{one:,.0f}" for one in plan.recomputed.reduction[:, : len(reduction)].sum(axis=0)
    ]


def test_the_scenario_that_is_saved_gives_the_same_goal(as_in_the_run, made):
    reader, (plan, folder) = as_in_the_run, made
    setting = f"effects.times.{plan.data.interventions[0]}"
    reader.move(setting, 1.5)
    reader.move(first(plan), float(plan.data.budget[0]) * 0.97)
    line = reader.page.input_value("#what-if-line")
    assert f"--set {setting}=1.5" in line
    assert f"--set {first(plan)}=" in line
    text = reader.saved("#what-if-save")
    written = tomllib.loads(text)
    assert written["effects"]["times"] == {plan.data.interventions[0]: 1.5}
    beside = folder / "mine" / "what-if.toml"  # a scenario names its data from where it stands
    beside.write_text(text, encoding="utf-8")
    native = api.solve(beside)
    goal = native.recomputed.goal
    shown = reader.page.locator("#what-if-headline tbody tr").first.locator("td").first.inner_text()
    assert shown == f"{goal:,.0f}"
    saved = folder / "mine" / "what-if-grants.csv"
    saved.write_text(reader.saved("#what-if-grants"), encoding="utf-8")
    given = api.solve(beside, ("grants.distribution=given", f"grants.file={saved}"))
    assert given.recomputed.goal == pytest.approx(goal, rel=1e-6)


def test_the_line_works_as_it_is_pasted(as_in_the_run, made, monkeypatch):
    reader, (plan, folder) = as_in_the_run, made
    reader.move(f"effects.times.{plan.data.interventions[0]}", 1.2)
    reader.move(first(plan), float(plan.data.budget[0]) * 1.01)
    line = reader.page.input_value("#what-if-line")
    monkeypatch.chdir(folder)  # where the run was named from
    beside = {**os.environ, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    said = subprocess.run(f"{line} --json", shell=True, env=beside, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    shown = reader.page.locator("#what-if-headline tbody tr").first.locator("td").first.inner_text()
    assert shown == f"{json.loads(said.stdout)['goal']['value']:,.0f}"


def test_no_plan_names_the_rules_in_each_others_way(as_in_the_run, made):
    reader, (plan, _) = as_in_the_run, made
    most = plan.data.budget.min() / plan.data.baseline_grant.sum()
    reader.move("grants.floor", round(float(most) + 0.1, 3))
    assert reader.text("what-if-said") == "No plan keeps all the rules."
    named = reader.page.locator("#what-if-conflict tbody th").all_inner_texts()
    assert {"floor", "national"} <= set(named)
    reader.page.click("#what-if-reset")
    reader.answered()
    assert reader.text("what-if-said") == "As in the run."


def test_what_ifs_are_kept_side_by_side_and_opened_again(as_in_the_run, made):
    reader, (plan, _) = as_in_the_run, made
    reader.move(first(plan), float(plan.data.budget[0]) * 1.02)
    said = reader.text("what-if-said")
    reader.page.fill("#what-if-name", "<b>more</b>")
    reader.page.press("#what-if-name", "Enter")
    heads = reader.page.locator("#what-if-side thead th").all_inner_texts()
    assert heads[1:] == ["the run", "<b>more</b>"]
    reader.page.click("#what-if-reset")
    reader.answered()
    reader.page.evaluate("document.getElementById('what-if-status').textContent = ''")
    reader.page.get_by_role("button", name="Open <b>more</b>").click()
    reader.answered()
    assert reader.text("what-if-said") == said
    assert reader.page.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0


def test_it_works_by_keyboard(as_in_the_run, made):
    reader, (plan, _) = as_in_the_run, made
    slider = reader.number_of(first(plan)).removesuffix("-number")
    before = float(reader.page.input_value(slider))
    reader.page.focus(slider)
    reader.page.evaluate("document.getElementById('what-if-status').textContent = ''")
    reader.page.keyboard.press("ArrowRight")
    reader.answered()
    assert float(reader.page.input_value(slider)) > before
    assert reader.page.input_value(f"{slider}-number") == reader.page.input_value(slider)
    assert reader.page.get_attribute(slider, "aria-valuetext") == f"{reader.page.input_value(slider)} £m"
    assert reader.page.is_visible("#what-if-banner")
    assert reader.page.get_attribute("#what-if-said", "aria-live") == "polite"


def test_solving_can_be_stopped_and_goes_on_afterwards(as_in_the_run, made):
    reader, (plan, _) = as_in_the_run, made
    reader.page.evaluate("document.getElementById('what-if-stop').click()")  # shown where a solve takes five seconds
    reader.move(first(plan), float(plan.data.budget[0]) * 1.02)
    assert reader.text("what-if-said").startswith("Reaches")


def test_a_value_that_a_setting_does_not_take_is_not_solved(as_in_the_run):
    reader = as_in_the_run
    field = reader.number_of("grants.max_fall")
    reader.page.fill(field, "101")
    assert not reader.page.evaluate("(field) => document.querySelector(field).validity.valid", field)
    assert not reader.page.is_visible("#what-if-banner")


def test_the_check_holds_for_the_page_as_it_is(as_in_the_run):
    reader = as_in_the_run
    reader.page.click("#check-button")
    reader.page.wait_for_selector("#check-area[data-result]", timeout=60_000)
    assert reader.text("check-said") == "Checked: all of it holds."


def raised_grant(text):
    """The page with the first grant of its table raised by a thousand pounds."""
    found = re.search(r'(<tr id="p-[^>]*>.*?<td data-value=")([\d.]+)(">)([\d,]+)', text)
    assert found
    raised = float(found[2]) + 1000
    return text[: found.start()] + f"{found[1]}{raised}{found[3]}{raised:,.0f}" + text[found.end() :]


def higher_goal(text):
    return re.sub(r'"reached":([\d.]+)', lambda found: f'"reached":{float(found[1]) * 1.001}', text, count=1)


def turned_byte(text):
    start = text.index('id="what-if-problem">') + len('id="what-if-problem">') + 4000
    other = "A" if text[start] != "A" else "B"
    return text[:start] + other + text[start + 1 :]


def other_key_fact(text):
    """The page with the first of its key facts ten times what it is."""
    return re.sub(r'(class="figure">[^<]*?[0-9])', r"\g<1>0", text, count=1)


def other_sentence(text):
    """The page that calls its plan something else in its first line."""
    return re.sub(r'(<p class="lead">)', r"\1Not ", text, count=1)


def other_value(text):
    """The page with a cell that shows what it showed, and is saved as another number."""
    start = text.index('id="allocations-table"')
    return text[:start] + re.sub(r'data-value="(\d)', r'data-value="9\1', text[start:], count=5)


def other_baseline(text):
    """The page whose what-ifs are held against other grants of before."""
    return re.sub(r'"baseline":(\d)', r'"baseline":9\1', text, count=1)


def longer_bar(text):
    """The page with one bar of a chart drawn longer."""
    found = re.search(r'<g class="mark-rect role-mark[^>]*><path d="M[\d.]+,[\d.]+h', text)
    return text[: found.end()] + "9" + text[found.end() :]


def other_square(text):
    """The page with one square of its map in another colour."""
    return re.sub(r'<li class="shade-\d', '<li class="shade-9', text, count=1)


def moved_square(text):
    """The page with one square of its map somewhere else."""
    return re.sub(r'(<li class="shade-\d c)\d', r"\g<1>9", text, count=1)


def other_colours(text):
    """The page with two colours of its style swapped, and its policy made to allow that."""
    old = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
    new = old.replace("#a33f0b", "#12436d")
    digests = [f"sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}" for one in (old, new)]
    assert digests[0] in text
    return text.replace(old, new).replace(*digests)


def chart_left_out(text):
    """The page without one of its charts."""
    return re.sub(r"<svg .*?</svg>", "", text, count=1, flags=re.DOTALL)


SHAPES = {
    longer_bar: "is not drawn as it was written",
    other_square: "is \u201cli.shade-9.",
    moved_square: "A square of the map",
    other_colours: "colours and layout (its style) were changed",
    chart_left_out: "charts where it was written with",
}
TAMPERED = [raised_grant, higher_goal, turned_byte, other_key_fact, other_sentence, other_value, other_baseline]


@pytest.mark.parametrize("tampered", [*TAMPERED, *SHAPES])
def test_what_was_changed_in_the_page_is_found_and_named(browser, made, tmp_path, tampered):
    page = (made[1] / "plan.html").read_text(encoding="utf-8")
    assert tampered(page) != page
    (tmp_path / "plan.html").write_text(tampered(page), encoding="utf-8")
    reader = Reader(browser, tmp_path / "plan.html")
    for _ in range(3000):
        if reader.page.get_attribute("#what-if-area", "data-ready") or "cannot solve" in reader.text("what-if-status"):
            break
        reader.page.wait_for_timeout(20)
    reader.page.click("#check-button")
    reader.page.wait_for_selector("#check-area[data-result]", timeout=60_000)
    assert reader.page.get_attribute("#check-area", "data-result") == "bad"
    assert SHAPES.get(tampered, "") in reader.text("check-list")
    reader.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_with_an_answer_shown(browser, made, scheme):
    from axe_playwright_python.sync_playwright import Axe

    reader = Reader(browser, made[1] / "plan.html", color_scheme=scheme, bypass_csp=True).ready()
    reader.move(first(made[0]), float(made[0].data.budget[0]) * 1.02)
    reader.page.fill("#what-if-name", "more")
    reader.page.press("#what-if-name", "Enter")
    reader.page.click("#check-button")
    reader.page.wait_for_selector("#check-area[data-result]", timeout=60_000)
    found = Axe().run(reader.page, options={"runOnly": TAGS})
    reader.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found.response["violations"]] == []


def test_it_fits_a_phone_with_an_answer_shown(browser, made):
    reader = Reader(browser, made[1] / "plan.html", viewport={"width": 320, "height": 800}).ready()
    reader.move(first(made[0]), float(made[0].data.budget[0]) * 1.02)
    width = reader.page.evaluate("document.documentElement.scrollWidth")
    reader.close()
    assert width <= 320


def test_without_scripts_it_says_what_the_command_does(browser, made):
    page = browser.new_page(java_script_enabled=False)
    page.goto((made[1] / "plan.html").as_uri())
    assert not page.is_visible("#what-if-area")
    assert page.is_visible("#allocations-table")
    assert "--set" in page.inner_text("#what-if noscript")
    page.close()


def test_a_static_page_has_no_solver(made):
    page = (made[1] / "static.html").read_text(encoding="utf-8")
    assert "wasm-unsafe-eval" not in page
    assert "what-if" not in page
    assert len(page) < len((made[1] / "plan.html").read_text(encoding="utf-8")) / 3


def test_what_is_vendored_is_what_is_pinned():
    import hashlib
    from importlib.resources import files

    folder = files("allocator.outputs.browser") / "vendor"
    pinned = program.versions()["files"]
    found = {name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() for name in pinned}
    assert found == pinned
    assert "MIT License" in folder.joinpath("LICENSE-highs-js").read_text(encoding="utf-8")


@pytest.mark.parametrize("modules", [program.PAGE, program.WORKER])
def test_modules_joined_leave_no_import_and_no_name_twice(modules):
    text = program.joined(modules)
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names))


@pytest.mark.slow
def test_it_answers_in_firefox_too(made, tmp_path):
    path = firefox.program()
    if path is None:
        pytest.skip("no Firefox: apt-get install firefox-esr")
    plan, folder = made
    native = api.solve(plan.scenario.with_((f"{first(plan)}={float(plan.data.budget[0]) * 1.05}",)))
    with firefox.launched(path, tmp_path / "profile") as page:
        page.open((folder / "plan.html").as_uri())
        page.until("return document.querySelector('#what-if-area[data-ready]') !== null")
        page.run(
            "const field = document.getElementById('what-if-0-number'); field.value = arguments[0];"
            " field.dispatchEvent(new Event('input', {bubbles: true}));",
            f"{float(plan.data.budget[0]) * 1.05e-6:.12g}",
        )
        shown = page.until("return document.querySelector('#what-if-headline tbody td')?.textContent")
        page.run("document.getElementById('check-button').click();")
        result = page.until("return document.getElementById('check-area').dataset.result")
    assert shown == f"{native.recomputed.goal:,.0f}"
    assert result == "good"
