// ferbench bench: what it prints and writes.
#include <gmock/gmock.h>

#include "core/csv.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

class BenchVerb : public TinyExperiment {
 protected:
  Result bench(std::vector<std::string> more) const {
    more.insert(more.end(), {"--seconds", "0.01", "--batch", "1,4"});
    return run_verb({"bench"}, more);
  }
};

TEST_F(BenchVerb, PrintsRatesLayersAndMemory) {
  const auto before = listing(folder());
  const Result result = bench({});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("tiny: fernet in fp32, fused passes"));
  EXPECT_THAT(result.out, HasSubstr("training"));
  EXPECT_THAT(result.out, HasSubstr("Forward passes of training, "));
  EXPECT_THAT(result.out, HasSubstr("block1_conv2 + block1_bn2"));
  EXPECT_THAT(result.out, HasSubstr("Memory at most: "));
  EXPECT_EQ(result.err,
            "bench: training\nbench: inference, batch 1\n"
            "bench: inference, batch 4\n");
  EXPECT_EQ(listing(folder()), before);
}

TEST_F(BenchVerb, WritesATableAndAFigure) {
  const Result result =
      bench({"--synthetic", "--quiet", "--json", "--csv",
             (folder() / "out" / "rates.csv").string(), "--figure",
             (folder() / "out" / "rates.svg").string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.json()["rates"].size(), 3u);
  EXPECT_EQ(result.json()["images"], 512);
  EXPECT_EQ(read_csv(folder() / "out" / "rates.csv").rows.size(), 3u);
  EXPECT_TRUE(fs::exists(folder() / "out" / "rates.svg"));
  EXPECT_TRUE(fs::exists(folder() / "out" / "rates.png"));
}

TEST_F(BenchVerb, OffersRandomImagesWhereThereAreNone) {
  const std::vector<std::string> missing = {"-s", "data.source=folder", "-s",
                                            "data.path=none.tar.gz"};
  const Result result = bench(missing);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.last_error_line(),
            "error: [data] expected a file or directory at data.path; got "
            "nothing there ('none.tar.gz'). Check the path, or set "
            "FERBENCH_DATA to the data folder. Or measure with random images: "
            "--synthetic.");
  std::vector<std::string> random = missing;
  random.insert(random.end(), {"--synthetic", "--quiet"});
  EXPECT_EQ(bench(random).exit_code, 0);
}

TEST_F(BenchVerb, RefusesAFigureThatIsNoSvgBeforeItMeasures) {
  const Result result = bench({"--figure", "rates.pdf"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("expected a file that ends in .svg"));
}

}  // namespace
}  // namespace fer
