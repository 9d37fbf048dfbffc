#include "reproduce/reproduction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "experiment_folder.h"
#include "reproduce/page.h"
#include "reproduce/tables.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPublished = R"(source: 000_small
title: A <small> source | with a bar
classes: [happy, sad]
sets:
  - {name: test, split: test, images: 200, classes: {happy: 100, sad: 100}, where: p 1}
  - {name: training, split: train, images: 1000, where: p 1}
tables:
  - {name: Table 1, title: Scores, where: page 2}
models:
  - {name: net, title: Net, report: [report-fernet], clean: [clean-fernet], wrong_direction: [wrong], report_file: r.yaml, clean_file: c.yaml}
  - {name: vit, title: ViT, report: [report-vit], clean: [clean-vit], report_file: v.yaml, needs: a GPU, stand_in: vit_small}
  - {name: vit_small, title: Small ViT, report: [report-vit-small], clean: [clean-vit-small]}
claims:
  - {table: Table 1, model: net, set: test, positive: sad, values: {accuracy: 0.90, recall: 0.90, f1: 0.95}, where: page 2}
  - {table: Table 1, model: net, set: training, values: {accuracy: 98.70%}, where: page 3, doubts: [perhaps]}
  - {table: Table 1, model: vit, set: test, positive: sad, values: {accuracy: 0.50}, where: page 2}
)";

/// report-fernet: .9 of all; clean-fernet: recall .7, so accuracy .8.
struct Stage {
  TemporaryFolder folder;
  ReproduceOptions options;

  Stage() {
    folder.write("results/published/000_small.yaml", kPublished);
    write_experiment(folder / "results/report/fernet");
    ExperimentFolder clean;
    clean.name = "clean-fernet";
    clean.leaky_share = 0;
    clean.test = {70, 10, 30, 90};
    write_experiment(folder / "runs/clean/seed-42", clean);
    options.results = folder / "results";
    options.runs = folder / "runs";
    options.resamples = 500;
  }
};

TEST(Reproduce, JudgesEveryCell) {
  const Stage stage;
  const Reproduction all = reproduce(stage.options);
  ASSERT_EQ(all.sources.size(), 1u);
  const auto& claims = all.sources[0].claims;
  ASSERT_EQ(claims.size(), 3u);
  EXPECT_EQ(claims[0].cells[0].verdict, CellVerdict::kExplainedByLeak);
  EXPECT_EQ(claims[0].cells[1].verdict, CellVerdict::kExplainedByLeak);
  // F1 is .9 [.85, .94]; .95 stands for .945 and more.
  EXPECT_EQ(claims[0].cells[2].verdict, CellVerdict::kNotReproduced);
  EXPECT_EQ(claims[1].cells[0].verdict, CellVerdict::kNotRun);
  EXPECT_EQ(claims[2].cells[0].verdict, CellVerdict::kNotRun);
  // Accuracy .90 and recall .90 leave precision at .9: F1 .95 cannot be.
  EXPECT_EQ(claims[0].check.verdict, ArithmeticCheck::Verdict::kImpossible);
  EXPECT_EQ(count_verdicts(all.sources[0]).text(),
            "5 cells: 0 reproduced, 2 explained by the leak, 1 not reproduced, "
            "2 not run. 1 claim is arithmetically impossible.");
}

TEST(Reproduce, ListsTheCommandsThatFillTheGaps) {
  const Stage stage;
  const Reproduction all = reproduce(stage.options);
  std::vector<std::string> lines;
  for (const Missing& missing : all.missing)
    lines.push_back(missing.command + "|" + missing.needs);
  EXPECT_THAT(
      lines,
      testing::ElementsAre(
          "ferbench run v.yaml --seeds 3|a GPU",
          "ferbench run r.yaml -s 'evaluate.splits=[train, val, test]'|",
          HasSubstr("ferbench run r.yaml -s experiment.name=report-fernet-"),
          HasSubstr("ferbench songs")));
}

TEST(Reproduce, AsksForPredictionsWhereTheCheckpointIsThere) {
  const Stage stage;
  stage.folder.write("results/report/fernet/checkpoints/best.json", "{}");
  const Reproduction all = reproduce(stage.options);
  EXPECT_EQ(all.missing[1].command,
            "ferbench evaluate " +
                (stage.folder / "results/report/fernet").string() +
                " --split train");
}

/// Adds a run of the experiment `name` that scored `test`.
void add_run(const Stage& stage, const std::string& name, FolderCounts test) {
  ExperimentFolder run;
  run.name = name;
  run.test = test;
  write_experiment(stage.folder / "runs" / name, run);
}

TEST(Reproduce, ShowsTheStandInUnderItsOwnName) {
  const Stage stage;
  add_run(stage, "report-vit-small", {60, 40, 40, 60});
  const Reproduction all = reproduce(stage.options);
  const ClaimResult& vit = all.sources[0].claims[2];
  EXPECT_EQ(vit.claim.model, "vit_small");
  EXPECT_DOUBLE_EQ(vit.cells[0].report->mean, 0.6);
  EXPECT_FALSE(vit.cells[0].clean);
  EXPECT_THAT(reproduction_markdown(all),
              HasSubstr("| Small ViT | accuracy |"));
  // The model itself is still missing.
  EXPECT_EQ(all.missing[0].command, "ferbench run v.yaml --seeds 3");
}

TEST(Reproduce, NeverSetsTheModelBesideItsStandIn) {
  const Stage stage;
  add_run(stage, "report-vit", {70, 30, 30, 70});
  add_run(stage, "report-vit-small", {60, 40, 40, 60});
  add_run(stage, "clean-vit-small", {55, 45, 45, 55});
  const ClaimResult vit = reproduce(stage.options).sources[0].claims[2];
  EXPECT_EQ(vit.claim.model, "vit");
  EXPECT_DOUBLE_EQ(vit.cells[0].report->mean, 0.7);
  EXPECT_FALSE(vit.cells[0].clean);
}

TEST(VerdictWords, SayWhichWayACellMisses) {
  const Stage stage;
  const Reproduction all = reproduce(stage.options);
  EXPECT_EQ(verdict_words(all.sources[0].claims[0].cells[2]),
            "not reproduced, lower here");
}

TEST(Reproduce, GivesTheSameTwice) {
  const Stage stage;
  EXPECT_EQ(reproduction_markdown(reproduce(stage.options)),
            reproduction_markdown(reproduce(stage.options)));
}

TEST(Reproduce, RefusesRunsOfOtherClasses) {
  const Stage stage;
  ExperimentFolder other;
  other.classes = {"joy", "sorrow"};
  write_experiment(stage.folder / "results/report/fernet", other);
  EXPECT_THAT(error_text([&] { reproduce(stage.options); }),
              HasSubstr("expected the class sad of the published table; got "
                        "joy, sorrow"));
}

TEST(Reproduce, RefusesADamagedFile) {
  const Stage stage;
  stage.folder.write("results/published/001.yaml", "source: [");
  EXPECT_THAT(error_text([&] { reproduce(stage.options); }),
              HasSubstr("published/001.yaml:"));
}

TEST(ReproductionText, ShowsTablesThatHaveRuns) {
  const Stage stage;
  const std::string text = reproduction_text(reproduce(stage.options));
  EXPECT_THAT(text, HasSubstr("Table 1: Scores"));
  EXPECT_THAT(text, HasSubstr("explained by the leak"));
  EXPECT_THAT(text, HasSubstr("ferbench run v.yaml --seeds 3   # needs a GPU"));
}

TEST(ReproductionMarkdown, EscapesBarsAndMarksTheLeak) {
  const Stage stage;
  const std::string text = reproduction_markdown(reproduce(stage.options));
  EXPECT_THAT(text, HasSubstr("| Net | accuracy | 0.90 | 0.9000 [0.8"));
  EXPECT_THAT(text, HasSubstr("not reproduced, lower here | impossible |"));
  EXPECT_THAT(text, HasSubstr("report-fernet, seed 42, leaky 37.5 %"));
  EXPECT_THAT(text, HasSubstr("Arithmetic: **impossible**"));
  EXPECT_THAT(text, HasSubstr("  - perhaps"));
}

TEST(MeasuredText, UsesTheUnitOfTheSource) {
  const Measured measured{3, 0.94551, 0.0031, {0.931, 0.9582}};
  EXPECT_EQ(measured_text(parse_printed("0.94"), measured),
            "0.9455 ± 0.0031 [0.931, 0.958], n = 3");
  EXPECT_EQ(measured_text(parse_printed("94.38%"), measured),
            "94.55% ± 0.31 [93.1, 95.8], n = 3");
  EXPECT_EQ(measured_text(parse_printed("0.94"), std::nullopt), "not run");
  EXPECT_EQ(measured_text(parse_printed("2,440,929"),
                          Measured{1, 2440929, 0, {2440929, 2440929}}),
            "2,440,929");
}

TEST(WriteReproduction, WritesBothFiles) {
  const Stage stage;
  write_reproduction(stage.options.results, reproduce(stage.options));
  EXPECT_TRUE(
      std::filesystem::exists(stage.options.results / "reproduction.md"));
  EXPECT_TRUE(
      std::filesystem::exists(stage.options.results / "reproduction.html"));
}

TEST(ReproductionJson, HoldsEachCell) {
  const Stage stage;
  const Json json = reproduction_json(reproduce(stage.options));
  const Json& cell = json.at("000_small").at(0).at("cells").at(0);
  EXPECT_EQ(cell.at("metric"), "accuracy");
  EXPECT_EQ(cell.at("reported"), "0.90");
  EXPECT_DOUBLE_EQ(cell.at("report").at("mean").get<double>(), 0.9);
  EXPECT_DOUBLE_EQ(cell.at("clean").at("mean").get<double>(), 0.8);
  EXPECT_EQ(cell.at("verdict"), "explained by the leak");
  EXPECT_EQ(json.at("missing").at(0).at("needs"), "a GPU");
}

/// What is kept in the repository, at the least the report's tables.
TEST(KeptResults, AreReproduced) {
  ReproduceOptions options;
  options.results = std::filesystem::path(FERBENCH_SOURCE_DIR) / "results";
  options.runs = "no such folder";
  options.resamples = 200;
  const Reproduction all = reproduce(options);
  ASSERT_EQ(all.sources.size(), 5u);
  const Cell& accuracy = all.sources[0].claims[0].cells[0];
  ASSERT_TRUE(accuracy.report);
  EXPECT_NEAR(accuracy.report->mean, 0.945, 0.02);
  EXPECT_FALSE(all.sources[0].faults.empty());
}

TEST(ReproductionHtml, EscapesWhatComesFromFiles) {
  const Stage stage;
  const std::string html = reproduction_html(reproduce(stage.options));
  EXPECT_THAT(html, HasSubstr("A &lt;small&gt; source"));
  EXPECT_THAT(html, Not(HasSubstr("<small> source")));
}

}  // namespace
}  // namespace fer
