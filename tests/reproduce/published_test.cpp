#include "reproduce/published.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "config/config.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

constexpr const char* kSmall = R"(source: 000_small
title: Small
classes: [happy, sad]
sets:
  - {name: test, split: test, images: 10, classes: {happy: 6, sad: 4}, where: p 1}
tables:
  - {name: T1, title: Scores, where: page 2}
models:
  - {name: net, title: Net, report: [report-net]}
claims:
  - table: T1
    model: net
    set: test
    positive: sad
    values: {accuracy: 0.90, recall: 75%}
    where: page 2
    doubts: [rounded]
)";

std::string with(std::string text, const std::string& from,
                 const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string fault(const std::string& from, const std::string& to) {
  return error_text(
      [&] { parse_published(with(kSmall, from, to), "small.yaml"); });
}

TEST(Published, ReadsNumbersAsTheyArePrinted) {
  const Published p = parse_published(kSmall, "small.yaml");
  EXPECT_EQ(p.source, "000_small");
  EXPECT_EQ(p.set("test").classes.at("sad"), 4);
  EXPECT_EQ(p.model("net").report, std::vector<std::string>{"report-net"});
  ASSERT_EQ(p.claims.size(), 1u);
  EXPECT_EQ(p.claims[0].find("accuracy")->number.text, "0.90");
  EXPECT_EQ(p.claims[0].find("accuracy")->number.decimals, 2);
  EXPECT_TRUE(p.claims[0].find("recall")->number.percent);
  EXPECT_EQ(p.claims[0].find("f1"), nullptr);
  EXPECT_EQ(p.claims[0].position, "small.yaml:11:5");
  EXPECT_EQ(p.claims[0].doubts, std::vector<std::string>{"rounded"});
}

TEST(Published, NamesThePlaceOfEachFault) {
  EXPECT_EQ(fault("0.90", ".nan"),
            "small.yaml:15:24: accuracy: [rounding] expected a number as "
            "printed, such as 0.94, 94.38% or 1,798, of at most 17 digits; got "
            "\".nan\".");
  EXPECT_EQ(fault("accuracy: 0.90", "acuracy: 0.90"),
            "small.yaml:15:14: metric: expected accuracy, precision, recall, "
            "specificity, f1, class_accuracy, log_loss, auc, "
            "auc_from_hard_labels, parameters or trainable_parameters; got "
            "\"acuracy\"; did you mean accuracy?");
  EXPECT_EQ(fault("positive: sad", "positive: sorrow"),
            "small.yaml:11:5: positive: expected happy or sad; got \"sorrow\"");
  EXPECT_EQ(fault("model: net", "model: nett"),
            "small.yaml:11:5: model: expected net; got \"nett\"; did you mean "
            "net?");
  EXPECT_EQ(fault("title: Net,", "title: Net, stand_in: nett,"),
            "small.yaml:9:5: stand_in: expected net; got \"nett\"; did you "
            "mean net?");
  EXPECT_EQ(fault("accuracy: 0.90", "accuracy: 90"),
            "small.yaml:15:24: accuracy: expected a share up to 1, or a "
            "percentage; got 90. Write 90%.");
  EXPECT_EQ(fault("title: Net,", "title: Net}\n  - {name: net, title: Two,"),
            "small.yaml:1:1: models: expected different names; got \"net\" "
            "twice. Rename one.");
  EXPECT_THAT(fault("sad: 4", "sda: 4"),
              testing::HasSubstr("class: expected happy or sad; got \"sda\""));
  EXPECT_EQ(fault("images: 10", "images: 11"),
            "small.yaml:5:5: sets[0]: the classes have 10 images, the set 11. "
            "Correct one of them.");
  EXPECT_EQ(fault("images: 10", "images: -1"),
            "small.yaml:5:39: sets[0].images: expected 0 to 10000000; got -1.\n"
            "small.yaml:5:5: sets[0]: the classes have 10 images, the set 0. "
            "Correct one of them.");
  EXPECT_EQ(fault("    doubts: [rounded]\n", "    doubt: rounded\n"),
            "small.yaml:17:5: claims[0]: expected one of the keys table, "
            "model, set, positive, printed, where, doubts, values; got "
            "\"doubt\"; did you mean doubts?");
  EXPECT_EQ(fault("doubts: [rounded]", "doubts: rounded"),
            "small.yaml:17:13: claims[0].doubts: expected a list; got "
            "\"rounded\". Write [a, b].");
  EXPECT_EQ(fault("    where: page 2\n    doubts: [rounded]\n", ""),
            "small.yaml:11:5: claims[0]: where is missing.");
  EXPECT_EQ(fault("{accuracy: 0.90, recall: 75%}", "0.90"),
            "small.yaml:15:5: values: expected a map; got \"0.90\".");
}

TEST(Published, RefusesDamagedFiles) {
  EXPECT_EQ(
      error_text([] { parse_published("a: [1, 2", "x.yaml"); }).substr(0, 7),
      "x.yaml:");
  EXPECT_EQ(error_text([] { parse_published("", "x.yaml"); }),
            "x.yaml: expected a map of source, sets, tables, models and "
            "claims; got nothing (null).");
  EXPECT_EQ(error_text([] {
              parse_published("source: x\ntitle: y\nclasses: [a]\n", "x.yaml");
            }),
            "x.yaml: claims: expected at least one; got none.");
}

TEST(Published, RefusesDigitsThatNo32BitNumberHas) {
  EXPECT_EQ(fault("    where: page 2\n    doubts",
                  "    printed: float32\n    where: page 2\n    doubts")
                .substr(0, 78),
            "small.yaml:15:24: accuracy: [rounding] expected all digits of a "
            "32-bit number;");
}

TEST(Published, RefusesAFolderWithoutFiles) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_text([&] { read_published_folder(folder.path()); }),
            "[reproduce] expected published numbers as *.yaml; got none (" +
                folder.path().string() +
                "). Name the folder with --published.");
}

TEST(Published, RefusesASourceInTwoFiles) {
  const TemporaryFolder folder;
  folder.write("a.yaml", kSmall);
  const auto second = folder.write("b.yaml", kSmall);
  EXPECT_EQ(error_text([&] { read_published_folder(folder.path()); }),
            "[reproduce] expected one file for each source; got '000_small' a "
            "second time (" +
                second.string() + "). Rename or remove one.");
}

/// The five sources as they are kept.
std::vector<Published> kept() {
  return read_published_folder(std::filesystem::path(FERBENCH_SOURCE_DIR) /
                               "results" / "published");
}

TEST(PublishedFiles, HoldFiveSourcesNamedAsTheirFiles) {
  const auto all = kept();
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0].source, "000_fernet");
  EXPECT_EQ(all[1].source, "001_efficientnet_b3");
  EXPECT_EQ(all[2].source, "002_vgg16");
  EXPECT_EQ(all[3].source, "003_cnn50");
  EXPECT_EQ(all[4].source, "004_cnn_resnet50v2");
  for (const Published& p : all) {
    for (const PublishedClaim& claim : p.claims) {
      EXPECT_FALSE(claim.where.empty()) << p.source << " " << claim.position;
      EXPECT_FALSE(claim.values.empty()) << p.source << " " << claim.position;
    }
  }
}

/// Whether `file` is an experiment of one of these names.
void expect_experiment(const std::string& file,
                       const std::vector<std::string>& names) {
  const auto path = std::filesystem::path(FERBENCH_SOURCE_DIR) / file;
  ASSERT_TRUE(std::filesystem::exists(path)) << file;
  const std::string name = load_config(path).config.experiment.name;
  EXPECT_NE(std::ranges::find(names, name), names.end()) << file << " " << name;
}

TEST(PublishedFiles, NameTheExperimentsThatRepeatThem) {
  for (const Published& p : kept()) {
    for (const PublishedModel& model : p.models) {
      if (model.name.starts_with("epoch_")) continue;  // of another model
      expect_experiment(model.report_file, model.report);
      expect_experiment(model.clean_file, model.clean);
      if (model.stand_in.empty()) continue;
      EXPECT_EQ(model.needs, "a GPU") << model.name;
      EXPECT_NE(p.model(model.stand_in).title.find("small stand-in"),
                std::string::npos);
    }
  }
}

TEST(PublishedFiles, HoldTheReportsThreeTables) {
  const Published report = kept()[0];
  const auto row = [&](const std::string& table, const std::string& model) {
    for (const PublishedClaim& claim : report.claims) {
      if (claim.table != table || claim.model != model) continue;
      std::string text;
      for (const char* metric : {"accuracy", "precision", "recall", "f1"})
        text += claim.find(metric)->number.text + " ";
      return text;
    }
    return std::string("none");
  };
  EXPECT_EQ(row("Table 6.1", "fernet"), "0.94 0.90 0.98 0.94 ");
  EXPECT_EQ(row("Table 6.2", "fernet"), "0.94 0.90 0.98 0.94 ");
  EXPECT_EQ(row("Table 6.2", "vit"), "0.92 0.92 0.92 0.92 ");
  EXPECT_EQ(row("Table 6.2", "resnet50"), "0.90 0.90 0.91 0.90 ");
  EXPECT_EQ(row("Table 7.1", "fernet_tuned"), "0.96 0.94 0.98 0.96 ");
}

}  // namespace
}  // namespace fer
