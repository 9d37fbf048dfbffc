#include <gmock/gmock.h>

#include "tiny_experiment.h"

namespace fer {
namespace {

using testing::HasSubstr;

class Compare : public TinyExperiment {
 protected:
  // Two epochs say one class for all; forty do not.
  void SetUp() override {
    for (const char* epochs : {"2", "40"}) {
      const Result result =
          run_verb({"run"}, {"--out", run(epochs), "-s", "data.split.test=0.5",
                             "-s", "evaluate.checkpoint=last", "-s",
                             std::string("train.epochs=") + epochs});
      ASSERT_EQ(result.exit_code, 0) << result.err;
    }
  }
  std::string run(const std::string& epochs) const {
    return (folder() / ("epochs-" + epochs)).string();
  }
  Result compare(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"compare", "--out", "out",
                                          "--resamples", "200"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ProgramOptions options;
    options.folder = folder();
    return fer::run(arguments, options);
  }
};

TEST_F(Compare, PrintsTheSentenceFirstAndWritesThePageWithPictures) {
  const Result result = compare({run("2"), run("40")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string first = result.out.substr(0, result.out.find('\n'));
  EXPECT_THAT(first, HasSubstr("accuracy"));
  EXPECT_THAT(first, HasSubstr("p = "));
  EXPECT_THAT(result.out, HasSubstr("page: out/compare.html"));
  const Json json = read_json(folder() / "out" / "compare.json");
  EXPECT_EQ(json["sentence"], first);
  const std::string html = read_file(folder() / "out" / "compare.html");
  EXPECT_THAT(html, testing::Not(HasSubstr("No pictures")));
  const size_t differing = json["details"][0]["first_better"].size() +
                           json["details"][0]["second_better"].size();
  EXPECT_GT(differing, 0u);
  size_t pictures = 0;
  for (size_t at = html.find("<img "); at != std::string::npos;
       at = html.find("<img ", at + 1))
    ++pictures;
  EXPECT_EQ(pictures, differing);
}

TEST_F(Compare, PrintsJsonAloneWhenAsked) {
  const Json json =
      compare({run("2"), run("40"), "--json", "--metric", "macro_f1"}).json();
  EXPECT_EQ(json["metric"], "macro_f1");
  EXPECT_EQ(json["pairs"].size(), 1u);
}

TEST_F(Compare, LeavesNothingBehindWhenItRefuses) {
  const Result twice = compare({run("2"), run("2")});
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_THAT(twice.err, HasSubstr("error: [compare] expected different runs"));
  const Result metric = compare({run("2"), run("40"), "--metric", "acuracy"});
  EXPECT_EQ(metric.exit_code, 1);
  EXPECT_THAT(metric.err, HasSubstr("Did you mean accuracy?"));
  EXPECT_EQ(compare({run("2")}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder() / "out"));
}

}  // namespace
}  // namespace fer
