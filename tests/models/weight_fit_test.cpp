#include "models/weight_fit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "models/vit.h"

namespace fer {
namespace {

NamedTensor named(const char* name, torch::Tensor tensor) {
  return {name, std::move(tensor)};
}

std::string fault(const NamedTensor& ours, const NamedTensor& theirs,
                  bool is_stem = false) {
  return error_text([&] { fit_tensor(ours, theirs, is_stem); });
}

TEST(WeightFit, TakesWhatFitsAsItIs) {
  const torch::Tensor value = torch::tensor({1.0f, 2.0f});
  const Fitted fitted =
      fit_tensor(named("a", torch::zeros({2})), named("b", value), false);
  EXPECT_TRUE(fitted.value.equal(value));
  EXPECT_EQ(fitted.change, Change::kNone);
}

TEST(WeightFit, SumsTheChannelsOfTheStem) {
  // Pixel by pixel: 1 + 2 + 3, 10 + 20 + 30.
  const torch::Tensor value =
      torch::tensor({1.f, 10.f, 2.f, 20.f, 3.f, 30.f}).reshape({1, 3, 1, 2});
  const torch::Tensor target = torch::zeros({1, 1, 1, 2});
  const Fitted fitted =
      fit_tensor(named("conv1", target), named("conv1", value), true);
  EXPECT_TRUE(
      fitted.value.equal(torch::tensor({6.f, 60.f}).reshape({1, 1, 1, 2})));
  EXPECT_STREQ(words(fitted.change), "3 channels summed to 1");
}

TEST(WeightFit, SpreadsTheChannelOfTheStem) {
  const Fitted fitted =
      fit_tensor(named("conv1", torch::zeros({1, 3, 1, 1})),
                 named("conv1", torch::full({1, 1, 1, 1}, 6.0f)), true);
  EXPECT_TRUE(fitted.value.equal(torch::full({1, 3, 1, 1}, 2.0f)));
  EXPECT_STREQ(words(fitted.change), "1 channel spread over 3, a third each");
}

TEST(WeightFit, ResizesPositions) {
  const torch::Tensor from = torch::arange(10.0f).reshape({1, 5, 2});
  const Fitted fitted = fit_tensor(named("pos_embed", torch::zeros({1, 10, 2})),
                                   named("positions", from), false);
  EXPECT_TRUE(fitted.value.equal(resize_positions(from, 2, 3)));
  EXPECT_STREQ(words(fitted.change), "position grid resized (bicubic)");
}

TEST(WeightFit, RefusesOtherShapesWithBothNames) {
  const std::string end =
      ". The weights belong to another model: check model.name, model.stem "
      "and model.vit.patch_size.";
  const torch::Tensor small = torch::zeros({8, 3, 3, 3});
  EXPECT_EQ(fault(named("ours", small), named("theirs", torch::zeros({8, 3}))),
            "[weights] expected \"theirs\" of shape [8, 3, 3, 3] for \"ours\"; "
            "got shape [8, 3]" +
                end);
  // Channels change in the stem alone, and only between one and three.
  const torch::Tensor gray = torch::zeros({8, 1, 3, 3});
  EXPECT_NE(fault(named("a", gray), named("b", small)), "no error");
  EXPECT_NE(fault(named("a", torch::zeros({8, 2, 3, 3})), named("b", small),
                  /*is_stem=*/true),
            "no error");
  EXPECT_NE(fault(named("a", gray), named("b", torch::zeros({8, 3, 7, 7})),
                  /*is_stem=*/true),
            "no error");
  // Positions that are no square grid, or of another width.
  const NamedTensor positions = named("pos_embed", torch::zeros({1, 10, 2}));
  for (const torch::Tensor& other :
       {torch::zeros({1, 6, 2}), torch::zeros({1, 5, 3}),
        torch::zeros({1, 1, 2}), torch::zeros({1, 0, 2}),
        torch::zeros({2, 5, 2})}) {
    EXPECT_NE(fault(positions, named("p", other)), "no error")
        << shape_words(other);
  }
}

TEST(WeightFit, RefusesWhatIsNoFiniteFloat) {
  const NamedTensor ours = named("ours", torch::zeros({2}));
  EXPECT_EQ(fault(ours, named("n", torch::zeros({2}, torch::kLong))),
            "[weights] expected floating-point numbers in \"n\"; got Long. "
            "Save the weights as float32.");
  EXPECT_EQ(fault(ours, named("n", torch::tensor({1.0f, std::nanf("")}))),
            "[weights] expected finite numbers in \"n\"; got NaN or infinity. "
            "The weights are damaged, or their training diverged: take another "
            "file.");
}

TEST(WeightFit, KnowsTheLastLayer) {
  EXPECT_TRUE(is_head("fc.weight"));
  EXPECT_TRUE(is_head("head.bias"));
  EXPECT_TRUE(is_head("classifier.weight"));
  EXPECT_TRUE(is_head("logits.bias"));
  EXPECT_FALSE(is_head("head_dense.weight"));
  EXPECT_FALSE(is_head("blocks.0.head.weight"));
  EXPECT_TRUE(other_classes(torch::zeros({7, 4}), torch::zeros({9, 4})));
  EXPECT_FALSE(other_classes(torch::zeros({7, 4}), torch::zeros({7, 4})));
  EXPECT_FALSE(other_classes(torch::zeros({7, 4}), torch::zeros({9, 5})));
}

}  // namespace
}  // namespace fer
