// What a person meets first: help, version, mistakes on the command line.
#include <gmock/gmock.h>

#include "core/error.h"
#include "program.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Words = std::vector<std::string>;

class Verbs : public testing::TestWithParam<Words> {};

TEST_P(Verbs, HaveHelpWithAnExample) {
  Words words = GetParam();
  words.push_back("--help");
  const Result result = run(words);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  std::string example = "Example: ferbench";
  for (const std::string& word : GetParam()) example += " " + word;
  EXPECT_THAT(result.out, HasSubstr(example));
}

INSTANTIATE_TEST_SUITE_P(
    All, Verbs,
    testing::Values(Words{}, Words{"run"}, Words{"pretrain"}, Words{"evaluate"},
                    Words{"report"}, Words{"data"}, Words{"data", "info"},
                    Words{"data", "prepare"}, Words{"data", "audit"},
                    Words{"data", "clean"}, Words{"data", "browse"},
                    Words{"compare"}, Words{"leaderboard"}, Words{"reproduce"},
                    Words{"sweep"}, Words{"songs"}, Words{"songs", "import"},
                    Words{"songs", "list"}, Words{"songs", "clusters"},
                    Words{"songs", "policies"}, Words{"recommend"},
                    Words{"models"}, Words{"summary"}, Words{"schedule"},
                    Words{"explain"}, Words{"failures"}, Words{"export"},
                    Words{"predict"}, Words{"validate"}, Words{"serve"},
                    Words{"schema"}, Words{"doctor"}, Words{"bench"}),
    [](const auto& one) {
      std::string name = "Ferbench";
      for (const std::string& word : one.param) name += "_" + word;
      return name;
    });

TEST(Version, NamesTheProgramItsCommitAndTorch) {
  const Result result = run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("ferbench 0."));
  EXPECT_THAT(result.out, HasSubstr("commit "));
  EXPECT_THAT(result.out, HasSubstr("torch 2."));
}

struct Mistake {
  Words words;
  std::string error;

  // CTest shows it.
  friend std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
    return out << testing::PrintToString(mistake.words);
  }
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, EndWithTwoAndOneLine) {
  const Result result = run(GetParam().words);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "error: [ferbench] " + GetParam().error + "\n");
}

std::vector<Mistake> mistakes() {
  const std::string all =
      "expected one of run, pretrain, sweep, evaluate, report, failures, "
      "explain, compare, leaderboard, reproduce, data, models, summary, bench, "
      "schedule, schema, songs, export, predict, recommend, validate, serve, "
      "doctor; got ";
  const std::string see = " See `ferbench --help`.";
  return {
      {{}, all + "nothing." + see},
      {{"xyzzy"}, all + "'xyzzy'." + see},
      {{"evalute", "runs/demo"},
       "expected a verb; got 'evalute', did you mean evaluate?" + see},
      {{"data", "inof"},
       "expected a verb; got 'inof', did you mean info? See `ferbench data "
       "--help`."},
      {{"run"}, "EXPERIMENT is required. See `ferbench run --help`."},
      {{"evaluate"}, "RUN_DIR is required. See `ferbench evaluate --help`."},
      {{"run", "a.yaml", "--bogus"},
       "The following argument was not expected: --bogus. See `ferbench run "
       "--help`."},
      {{"run", "a.yaml", "--device", "gpu"},
       "--device: gpu not in {auto,cpu,cuda}. See `ferbench run --help`."},
      {{"evaluate", "runs/demo", "--split", "tset"},
       "--split: tset not in {train,val,test}. See `ferbench evaluate "
       "--help`."},
      {{"bench", "a.yaml", "--seconds", "nan"},
       "--seconds: expected 0.01 to 3600; got nan. See `ferbench bench "
       "--help`."},
      {{"run", "a.yaml", "-s"},
       "--set: 1 required TEXT missing. See `ferbench run --help`."}};
}

INSTANTIATE_TEST_SUITE_P(All, Mistakes, testing::ValuesIn(mistakes()),
                         [](const auto& one) {
                           return "N" + std::to_string(one.index);
                         });

}  // namespace
}  // namespace fer
