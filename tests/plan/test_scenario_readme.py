"""The example that people copy is read as it stands."""

from ntm_lib import paths
from ntm_lib.plan.scenario_file import load_scenario


def test_the_example_in_the_readme_is_a_scenario(tmp_path, monkeypatch):
    readme = (paths.communes_folder() / "hung-my" / "scenarios" / "README.md").read_text(encoding="utf-8")
    example = readme.split("```yaml\n")[1].split("```")[0]
    folder = tmp_path / "hung-my" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "nua-ke-hoach.yml").write_text(example, encoding="utf-8")
    monkeypatch.setattr(paths, "communes_folder", lambda: tmp_path)
    scenario = load_scenario("hung-my", "nua-ke-hoach", "ntm-2021-2025")
    assert [change.op for change in scenario.changes] == ["set", "add", "add", "move", "grow", "fund"]
    assert scenario.limits.households_each == 15 and scenario.uncertainty.growth[1] == 5
