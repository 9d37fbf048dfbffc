// benchmarks/compare.py with programs that answer what they are told.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {
using testing::HasSubstr;

struct Ended {
  int code;
  std::string text;  // of both streams
};

class CompareScript : public testing::Test {
 protected:
  // program: "" for the fake one; path: what goes before PATH.
  Ended compare(const std::string& answers, const std::string& options = "",
                const std::string& program = "",
                const std::string& path = "") const {
    const std::string fake = FERBENCH_TEST_DIR "/bench/fake_rates.py";
    const std::string text = (folder_ / "text").string();
    const std::string command =
        (path.empty() ? "" : "PATH=" + path + ":$PATH ") + "FAKE_RATES='" +
        answers +
        "' python3 " FERBENCH_TEST_DIR "/../benchmarks/compare.py --python " +
        fake + " --program " + (program.empty() ? fake : program) +
        " --ways strong,compile --precision fp32 --modes training --rounds 3 "
        "--seconds 0 --csv " +
        csv() + " " + options + " > " + text + " 2>&1";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), read_file(text)};
  }
  std::string csv() const { return (folder_ / "rates.csv").string(); }
  // A folder with an nvidia-smi that does as told.
  std::string with_nvidia_smi(const std::string& command) const {
    const std::filesystem::path script = folder_ / "bin/nvidia-smi";
    std::filesystem::create_directories(script.parent_path());
    write_file(script, "#!/bin/sh\n" + command + "\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    return script.parent_path().string();
  }

 private:
  TemporaryFolder folder_;
};

// 0.94 GFLOP an image: 188 GFLOP/s allow 200 images a second.
std::string answers(double ours, double strong, double compiled,
                    double check = 1.0) {
  return fmt::format(
      R"({{"peak": 188e9, "flops": {{"training": 0.94e9}},)"
      R"("ferbench": {{"check": 1.0, "images_per_second": {}}},)"
      R"("strong": {{"check": {}, "images_per_second": {}}},)"
      R"("compile": {{"check": 1.0, "images_per_second": {}}}}})",
      ours, check, strong, compiled);
}

TEST_F(CompareScript, PutsTheBestRivalBesideOurs) {
  const Ended ended = compare(answers(150, 90, 100));
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_THAT(ended.text, HasSubstr("100 (compile)"));
  EXPECT_THAT(ended.text, HasSubstr("1.50 [1.50, 1.50]"));
  EXPECT_THAT(ended.text, HasSubstr("75 %"));  // 150 of 200
  const CsvTable table = read_csv(csv());
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0][table.column("ratio")], "1.5");
  EXPECT_EQ(table.rows[0][table.column("limit")], "200");
  EXPECT_EQ(table.rows[0][table.column("verdict")], "possible");
  EXPECT_EQ(table.rows[0][table.column("versions")], "torch 1.0");
  EXPECT_EQ(table.rows[0][table.column("model")], "fernet");
  EXPECT_EQ(table.rows[0][table.column("batch")], "64");
}

TEST_F(CompareScript, TakesAnotherModelAtItsOwnBatchSize) {
  const Ended ended = compare(answers(150, 90, 100), "--model resnet50");
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_THAT(ended.text, HasSubstr("\nresnet50       batch"));
  const CsvTable table = read_csv(csv());
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0][table.column("model")], "resnet50");
  EXPECT_EQ(table.rows[0][table.column("batch")], "128");
  EXPECT_EQ(table.rows[0][table.column("versions")],
            "torch 1.0, torchvision 1.0");
}

TEST_F(CompareScript, TakesTheBatchSizeThatIsAskedFor) {
  compare(answers(150, 90, 100), "--model vit_s16 --batch 32");
  const CsvTable table = read_csv(csv());
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0][table.column("batch")], "32");
}

TEST_F(CompareScript, HasKerasForFernetOnly) {
  const Ended ended =
      compare(answers(150, 90, 100), "--model resnet50 --ways strong,keras");
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.text,
            "error: [compare] expected the model fernet for keras, which has "
            "no other; got 'resnet50' (--model). Leave keras out of --ways.\n");
}

TEST_F(CompareScript, ComparesOnAGpuWithItsMakersLimit) {
  const std::string path = with_nvidia_smi("echo 'NVIDIA H200'");
  // 494 TFLOP/s of TF32 and 0.94 GFLOP an image: 525,532 images a second.
  const Ended ended =
      compare(answers(400e3, 90e3, 100e3), "--device cuda", "", path);
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_THAT(ended.text, HasSubstr("525532"));
  const CsvTable table = read_csv(csv());
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0][table.column("hardware")], "nvidia-h200");
  EXPECT_EQ(table.rows[0][table.column("verdict")], "possible");
  // No Winograd there.
  EXPECT_THAT(
      compare(answers(600e3, 90e3, 100e3), "--device cuda", "", path).text,
      HasSubstr("got 1 above it (training fp32)"));
}

TEST_F(CompareScript, NamesAGpuThatIsNotThere) {
  const Ended ended = compare(answers(150, 90, 100), "--device cuda", "",
                              with_nvidia_smi("exit 9"));
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.text,
            "error: [compare] expected a GPU; nvidia-smi finds none (--device "
            "cuda). Leave --device out for the processor.\n");
}

TEST_F(CompareScript, HasKerasOnTheProcessorOnly) {
  EXPECT_EQ(
      compare(answers(150, 90, 100), "--device cuda --ways keras").text,
      "error: [compare] expected the processor for keras, which is compared "
      "nowhere else; got --device cuda. Leave keras out of --ways.\n");
}

TEST_F(CompareScript, AppendsToTheHistory) {
  compare(answers(150, 90, 100));
  compare(answers(160, 90, 100));
  EXPECT_EQ(read_csv(csv()).rows.size(), 2u);
}

TEST_F(CompareScript, AddsNothingToAHistoryOfOtherColumns) {
  write_file(csv(), "date,ours\n2026-11-20,150\n");
  const Ended ended = compare(answers(150, 90, 100));
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.text,
            "error: [compare] expected a history of 22 columns up to 'model'; "
            "got 2 up to 'ours' (" +
                csv() + "). Name another file with --csv.\n");
  EXPECT_EQ(read_file(csv()), "date,ours\n2026-11-20,150\n");
}

TEST_F(CompareScript, CallsWinogradDirectEquivalent) {
  const Ended ended = compare(answers(260, 90, 100));
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_THAT(ended.text, HasSubstr("130 %"));  // 260 of 200
  EXPECT_THAT(ended.text, HasSubstr("direct-equivalent"));
}

TEST_F(CompareScript, RefusesARivalAboveTheLimit) {
  const Ended ended = compare(answers(150, 90, 210));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.text, HasSubstr("impossible (compile)"));
  EXPECT_THAT(ended.text,
              HasSubstr("error: [compare] expected rates below the physical "
                        "limit; got 1 above it (training fp32): a measuring "
                        "error. Nothing was written; repeat on a quiet "
                        "machine."));
  EXPECT_FALSE(std::filesystem::exists(csv()));
}

TEST_F(CompareScript, RefusesToCompareOtherWork) {
  const Ended ended = compare(answers(150, 90, 100, 1.002));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.text,
              HasSubstr("error: [compare] expected one loss of the first step "
                        "in training, fp32; got 1 (ferbench) and 1.002 "
                        "(strong): not the same work. Nothing was compared."));
  EXPECT_FALSE(std::filesystem::exists(csv()));
}

TEST_F(CompareScript, LetsBf16DifferMoreInADeepNetwork) {
  const std::string apart = answers(150, 90, 100, 1.05);
  EXPECT_EQ(compare(apart, "--precision bf16 --model resnet50").code, 0);
  const Ended ended = compare(apart, "--precision bf16 --model vit_s16");
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.text, HasSubstr("got 1 (ferbench) and 1.05 (strong)"));
}

TEST_F(CompareScript, NamesAWayThatHasEnded) {
  const std::string late =
      R"({"wait": 0.5, )" + answers(150, 90, 100).substr(1);
  const Ended ended = compare(late, "--ways strong,autotune");
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(
      ended.text,
      HasSubstr("error: no way autotune\nerror: [compare] expected an answer "
                "of 'autotune' to {'do': 'check', 'mode': 'training', "
                "'precision': 'fp32', 'batch': 64}; got none, it ended with 1. "
                "Its own words stand above.\n"));
}

TEST_F(CompareScript, NamesAProgramThatIsNotThere) {
  const Ended ended = compare(answers(150, 90, 100), "", "/none/model_rates");
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.text,
            "error: [compare] expected a program to start for 'ferbench'; got "
            "'No such file or directory' (/none/model_rates). `make bench` "
            "builds it.\n");
}

}  // namespace
}  // namespace fer
