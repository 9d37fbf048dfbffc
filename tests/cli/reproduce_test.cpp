// `ferbench reproduce --run`: what is missing is trained where it is looked
// for.
#include "tiny_experiment.h"

namespace fer {
namespace {

class ReproduceVerb : public TinyExperiment {};

TEST_F(ReproduceVerb, RunsWhatIsMissingWhereItLooks) {
  write_file(folder() / "pub/s.yaml", R"(
source: s
title: t
published: "2024"
classes: [happy, sad]
sets: [{name: test, split: test, where: w}]
tables: [{name: T, title: t, where: w}]
models: [{name: m, title: M, report: [tiny], report_file: tiny.yaml}]
claims: [{table: T, model: m, set: test, values: {accuracy: 0.9}, where: w}]
)");
  const Result result = run({"reproduce", "--run", "--published", "pub",
                             "--results", "res", "--runs", "other", "--quiet"},
                            {.folder = folder()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(
      std::filesystem::exists(folder() / "other/tiny/seed-42/metrics.json"));
}

}  // namespace
}  // namespace fer
