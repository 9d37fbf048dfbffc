#include "data/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/duplicates.h"
#include "split_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

// Copies are the only twins here.
Split deal(const ImageSet& images, const SplitConfig& config) {
  return make_split(images, config, exact_twins(images));
}

// ---------------------------------------------------------------- rows

TEST(Split, NamesItsParts) {
  const Split split = {{1}, {2}, {3}};
  EXPECT_THAT(split.rows("train"), ElementsAre(1));
  EXPECT_THAT(split.rows("val"), ElementsAre(2));
  EXPECT_THAT(split.rows("test"), ElementsAre(3));
  EXPECT_EQ(error_text([&] { split.rows("valid"); }),
            "[split] expected train, val or test; got 'valid'.");
}

TEST(Split, WantsTheTwinsOfTheseImages) {
  const ImageSet images = build_images(labels_of({4, 4}), {"a", "b"});
  const Twins twins = exact_twins(build_images(labels_of({4}), {"a"}));
  EXPECT_EQ(error_text([&] { make_split(images, SplitConfig{}, twins); }),
            "[split] expected twins of 8 images; got those of 4, and 0 kept.");
  EXPECT_EQ(error_text([&] {
              make_split(images, SplitConfig{}, exact_twins(images), {true});
            }),
            "[split] expected twins of 8 images; got those of 8, and 1 kept.");
}

// -------------------------------------------------------------- report

SplitConfig report(double share, int64_t seed) {
  SplitConfig config;
  config.protocol = Protocol::kReport;
  config.validation = config.test = share;
  config.seed = seed;
  return config;
}

TEST(ReportSplit, UpsampledClassStandsFirstAndBothCutsEqualScikitLearn) {
  // tests/reference/sklearn_splits.py, "small report": 7 happy (images 0..6), 5
  // sad (7..11), seed 3, shares .3.
  const ImageSet images = build_images(labels_of({7, 5}), {"happy", "sad"});
  const Split split = deal(images, report(.3, 3));
  EXPECT_THAT(split.train, ElementsAre(5, 10, 7, 4, 7, 3));
  EXPECT_THAT(split.val, ElementsAre(2, 9, 1));
  EXPECT_THAT(split.test, ElementsAre(0, 7, 7, 8, 6));
}

TEST(ReportSplit, UpsamplesWhicheverClassIsSmaller) {
  // The same rows with the class names swapped: positions in the class are
  // what counts, not the label.
  const ImageSet images = build_images(labels_of({5, 7}), {"sad", "happy"});
  const Split split = deal(images, report(.3, 3));
  // happy 0..6 -> 5..11, sad 7..11 -> 0..4.
  EXPECT_THAT(split.train, ElementsAre(10, 3, 0, 9, 0, 8));
}

TEST(ReportSplit, NeedsTwoClasses) {
  const ImageSet images = build_images(labels_of({4, 4, 4}), {"a", "b", "c"});
  EXPECT_EQ(error_text([&] { deal(images, report(.1, 42)); }),
            "[split] expected two classes for protocol report; got 3. Name two "
            "in data.classes.");
}

TEST(ReportSplit, NamesAClassWithoutImages) {
  const ImageSet images = build_images(labels_of({4}), {"happy", "sad"});
  EXPECT_EQ(error_text([&] { deal(images, report(.1, 42)); }),
            "[split] expected images of both classes; got none of sad.");
}

TEST(ReportSplit, RefusesToDropDuplicates) {
  const ImageSet images = build_images(labels_of({4, 4}), {"happy", "sad"});
  SplitConfig config = report(.1, 42);
  config.drop_duplicates = true;
  EXPECT_EQ(error_text([&] { deal(images, config); }),
            "[split] expected split.drop_duplicates: false for protocol "
            "report, which keeps every copy; got true. Use protocol random.");
}

TEST(ReportSplit, RefusesAListOfImages) {
  const ImageSet images = build_images(labels_of({4, 4}), {"happy", "sad"});
  SplitConfig config = report(.1, 42);
  config.keep = "kept.csv";
  EXPECT_EQ(error_text([&] { deal(images, config); }),
            "[split] expected no split.keep for protocol report, which uses "
            "every image; got 'kept.csv'. Use protocol clean.");
}

// -------------------------------------------------------------- random

SplitConfig random_config(int64_t seed = 42) {
  SplitConfig config;
  config.seed = seed;
  return config;
}

TEST(RandomSplit, UsesEveryImageOnce) {
  const ImageSet images = build_images(labels_of({61, 40}), {"a", "b"});
  for (int64_t seed = 0; seed < 20; ++seed) {
    const Split split = deal(images, random_config(seed));
    EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(101)));
    EXPECT_EQ(split.val.size(), 11u);  // ceil(10.1)
    EXPECT_EQ(split.test.size(), 11u);
  }
}

TEST(RandomSplit, KeepsClassSharesWithinOneImage) {
  const std::vector<size_t> counts = {333, 57, 210};
  const ImageSet images = build_images(labels_of(counts), {"a", "b", "c"});
  SplitConfig config = random_config();
  config.validation = .15;
  config.test = .25;
  for (config.seed = 0; config.seed < 20; ++config.seed) {
    const Split split = deal(images, config);
    for (const char* name : {"val", "test"}) {
      auto found = label_counts(images, split.rows(name));
      for (size_t c = 0; c < counts.size(); ++c) {
        const double fair = static_cast<double>(counts[c]) / 600 *
                            static_cast<double>(split.rows(name).size());
        EXPECT_LT(std::abs(static_cast<double>(found[static_cast<int64_t>(c)]) -
                           fair),
                  1.0);
      }
    }
  }
}

TEST(RandomSplit, IsAFunctionOfTheSeed) {
  const ImageSet images = build_images(labels_of({100, 100}), {"a", "b"});
  EXPECT_EQ(deal(images, random_config(5)).test,
            deal(images, random_config(5)).test);
  EXPECT_NE(deal(images, random_config(5)).test,
            deal(images, random_config(6)).test);
}

TEST(RandomSplit, PutsEveryImageIntoTheTestEquallyOften) {
  const ImageSet images = build_images(labels_of({10, 10}), {"a", "b"});
  SplitConfig config = random_config();
  config.validation = config.test = .3;
  std::vector<int> hits(20);
  constexpr int kRuns = 2000;
  for (config.seed = 0; config.seed < kRuns; ++config.seed) {
    for (const int64_t row : deal(images, config).test)
      ++hits[static_cast<size_t>(row)];
  }
  // Binomial(2000, .3): 600 +- 20.5; five deviations.
  for (const int n : hits) EXPECT_NEAR(n, 600, 103);
}

// 300 images of two classes; contents repeat in groups of 1 to 5.
ImageSet images_with_copies() {
  Rows labels, contents;
  for (int64_t group = 0; labels.size() < 300; ++group) {
    for (int64_t k = 0; k <= (group % 7 == 0 ? group % 5 : 0); ++k) {
      labels.push_back(group % 2);
      contents.push_back(group);
    }
  }
  return build_images(labels, contents, {"a", "b"});
}

bool cuts_a_group(const ImageSet& images, const Split& split) {
  return cuts_a_group(first_copies(images), split);
}

TEST(RandomSplit, NeverCutsAGroupOfCopies) {
  const ImageSet images = images_with_copies();
  for (int64_t seed = 0; seed < 20; ++seed) {
    const Split split = deal(images, random_config(seed));
    EXPECT_FALSE(cuts_a_group(images, split)) << seed;
    EXPECT_EQ(split.test.size(), (images.size() + 9) / 10);
    EXPECT_EQ(split.val.size(), (images.size() + 9) / 10);
  }
}

TEST(RandomSplit, PutsAGroupThatFitsNowhereElseIntoTrain) {
  // Places per class: 3 in val, 3 in test, 24 in train; the group has 5 images.
  Rows labels = labels_of({30, 30}), contents = count_rows(60);
  for (size_t i = 0; i < 5; ++i) contents[i] = 0;
  const ImageSet images = build_images(labels, contents, {"a", "b"});
  for (int64_t seed = 0; seed < 50; ++seed) {
    const Split split = deal(images, random_config(seed));
    EXPECT_EQ(
        std::ranges::count_if(split.train, [](int64_t row) { return row < 5; }),
        5);
    EXPECT_EQ(split.val.size(), 6u);
    EXPECT_EQ(split.test.size(), 6u);
  }
}

TEST(RandomSplit, PutsAGroupThatFitsNoPartIntoTrain) {
  // Places of the only class: 30 train, 30 val, 40 test; 60 images are copies.
  Rows labels(100), contents = count_rows(100);
  for (size_t i = 0; i < 60; ++i) contents[i] = 0;
  const ImageSet images = build_images(labels, contents, {"a"});
  SplitConfig config = random_config();
  config.validation = .3;
  config.test = .4;
  const Split split = deal(images, config);
  EXPECT_EQ(split.train[59], 59);
  EXPECT_FALSE(cuts_a_group(images, split));
  EXPECT_EQ(all_rows(split).size(), 100u);
}

TEST(RandomSplit, ListsImagesInTheOrderOfTheSource) {
  const ImageSet images = images_with_copies();
  const Split split = deal(images, random_config());
  for (const char* name : {"train", "val", "test"})
    EXPECT_TRUE(std::ranges::is_sorted(split.rows(name)));
}

TEST(RandomSplit, CutsGroupsWhenToldNotToCare) {
  SplitConfig config = random_config();
  config.group_duplicates = false;
  const ImageSet images = images_with_copies();
  EXPECT_TRUE(cuts_a_group(images, deal(images, config)));
}

TEST(RandomSplit, NeverCutsAGroupOfNearTwins) {
  // Images 2k and 2k + 1 differ in their pixels and are twins.
  const ImageSet images = build_images(labels_of({60, 60}), {"a", "b"});
  Rows group = count_rows(120);
  for (int64_t& number : group) number /= 2;
  const Twins twins = twins_of(images, group);
  SplitConfig config = random_config();
  for (config.seed = 0; config.seed < 20; ++config.seed)
    EXPECT_FALSE(cuts_a_group(group, make_split(images, config, twins)));
  config.group_duplicates = false;
  EXPECT_TRUE(cuts_a_group(group, make_split(images, config, twins)));
}

TEST(RandomSplit, KeepsAGroupWithTwoLabelsTogether) {
  Rows labels = labels_of({30, 30}), contents = count_rows(60);
  contents[45] = 3;  // image 45 of class b copies image 3 of class a
  const ImageSet images = build_images(labels, contents, {"a", "b"});
  for (int64_t seed = 0; seed < 50; ++seed) {
    const Split split = deal(images, random_config(seed));
    EXPECT_FALSE(cuts_a_group(images, split)) << seed;
    EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(60)));
  }
}

TEST(RandomSplit, DropsCopiesAndContradictions) {
  // Contents: image 1 and 2 copy 0 (same class); 40 copies 5 (other class).
  Rows labels = labels_of({30, 30}), contents = count_rows(60);
  contents[1] = contents[2] = 0;
  contents[40] = 5;
  const ImageSet images = build_images(labels, contents, {"a", "b"});
  SplitConfig config = random_config();
  config.drop_duplicates = true;
  Rows expected = count_rows(60);
  for (const int64_t gone : {1, 2, 5, 40}) std::erase(expected, gone);
  EXPECT_THAT(all_rows(deal(images, config)), ElementsAreArray(expected));
}

TEST(RandomSplit, UpsamplesTrainOnly) {
  const ImageSet images =
      build_images(labels_of({100, 30, 50}), {"a", "b", "c"});
  SplitConfig config = random_config();
  const Split plain = deal(images, config);
  config.upsample = true;
  const Split split = deal(images, config);
  EXPECT_EQ(split.val, plain.val);
  EXPECT_EQ(split.test, plain.test);
  EXPECT_THAT(
      label_counts(images, split.train),
      ElementsAre(std::pair(0, 80), std::pair(1, 80), std::pair(2, 80)));
  // Class b has 24 images: each 3 times, 8 of them once more (80 = 3 * 24 + 8).
  std::map<int64_t, int> times;
  for (const int64_t row : split.train) ++times[row];
  int three = 0, four = 0;
  for (const auto& [row, n] : times) {
    if (images.labels[static_cast<size_t>(row)] != 1) continue;
    three += n == 3;
    four += n == 4;
  }
  EXPECT_EQ(three, 16);
  EXPECT_EQ(four, 8);
}

TEST(RandomSplit, WithoutStrataKeepsTheSizesOnly) {
  const ImageSet images = build_images(labels_of({150, 150}), {"a", "b"});
  SplitConfig config = random_config();
  config.stratify = false;
  std::set<int64_t> seen;
  for (config.seed = 0; config.seed < 20; ++config.seed) {
    const Split split = deal(images, config);
    EXPECT_EQ(split.test.size(), 30u);
    seen.insert(label_counts(images, split.test)[0]);
  }
  EXPECT_GT(seen.size(), 3u);  // 15 every time if it were stratified
}

TEST(RandomSplit, NamesAPartThatIsEmpty) {
  const ImageSet images = build_images(labels_of({10, 10}), {"a", "b"});
  SplitConfig config = random_config();
  config.validation = config.test = .5;
  EXPECT_EQ(error_text([&] { deal(images, config); }),
            "[split] expected images in train; got none of 20. Check "
            "split.protocol and its shares.");
}

TEST(RandomSplit, NamesAClassThatIsMissing) {
  const ImageSet images = build_images(labels_of({40, 1}), {"happy", "sad"});
  const std::string text = error_text([&] { deal(images, random_config()); });
  EXPECT_THAT(text, testing::MatchesRegex(
                        "\\[split\\] expected every class in (train|val); got "
                        "no image of 'sad' among [0-9]+. Add images, change "
                        "the shares, or leave the class out in data.classes."));
}

}  // namespace
}  // namespace fer
