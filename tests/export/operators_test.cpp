// Each operator of the table in a network of its own, OpenVINO against torch.
#include "export/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/temporary_folder.h"
#include "export/exporter.h"
#include "export/function_model.h"
#include "export/zoo_model.h"

namespace fer {
namespace {
using testing::HasSubstr;
using torch::Tensor;

struct Case {
  const char* name;
  FunctionModel::Function function;  ///< [N, 2, 6, 6] in [0, 1] to any shape
};

Tensor numbers(at::IntArrayRef shape) {
  const int64_t n = c10::multiply_integers(shape);
  return (at::arange(n, torch::kFloat) * 0.37).sin().reshape(shape);
}

// Weights that are made before the trace, not in it.
const Tensor kKernel = numbers({4, 2, 3, 3}), kGrouped = numbers({4, 1, 3, 3}),
             kBack = numbers({2, 3, 4, 4}), kFour = numbers({4}),
             kTwo = numbers({2}), kThree = numbers({3}),
             kMatrix = numbers({6, 5}), kRows = numbers({5, 6}),
             kFive = numbers({5}), kPositive = numbers({2}).abs() + 0.5,
             kMask = numbers({6, 6});

Tensor gray(const Tensor& x) { return x.select(1, 0); }  // [N, 6, 6]

// Signed values, for what has a kink at 0.
Tensor centred(const Tensor& x) { return x * 4 - 2; }

const Case kCases[] = {
    {"conv_stride",
     [](const Tensor& x) {
       return at::conv2d(x, kKernel, kFour, 2, at::IntArrayRef{1, 0});
     }},
    {"conv_groups_dilation",
     [](const Tensor& x) { return at::conv2d(x, kGrouped, {}, 1, 2, 2, 2); }},
    {"conv_same",
     [](const Tensor& x) { return at::conv2d(x, kKernel, kFour, 1, "same"); }},
    {"conv_transposed",
     [](const Tensor& x) {
       return at::conv_transpose2d(x, kBack, kThree, 2, 1, 1);
     }},
    {"batch_norm_plain",
     [](const Tensor& x) {
       return at::batch_norm(x, {}, {}, kTwo, kPositive, false, 0.1, 1e-3,
                             false);
     }},
    {"group_norm",
     [](const Tensor& x) {
       return at::group_norm(at::conv2d(x, kKernel), 2, kFour, kFour, 1e-3);
     }},
    {"layer_norm_plain",
     [](const Tensor& x) { return at::layer_norm(x, {6}, {}, {}, 1e-3); }},
    {"linear_2d",
     [](const Tensor& x) {
       return at::linear(gray(x).select(1, 0), kRows, kFive);
     }},
    {"linear_3d",
     [](const Tensor& x) { return at::linear(gray(x), kRows, kFive); }},
    {"linear_plain",
     [](const Tensor& x) { return at::linear(gray(x), kRows); }},
    {"addmm",
     [](const Tensor& x) {
       return at::addmm(kFive, gray(x).select(1, 0), kMatrix, 0.5, 2);
     }},
    {"matmul",
     [](const Tensor& x) {
       return at::matmul(x, x.transpose(2, 3)) + at::matmul(x, kMask);
     }},
    {"bmm", [](const Tensor& x) { return at::bmm(gray(x), gray(x)); }},
    {"mm_t",
     [](const Tensor& x) { return at::mm(gray(x).select(1, 0), kRows.t()); }},
    {"prelu", [](const Tensor& x) { return at::prelu(centred(x), kTwo); }},
    {"max_pool",
     [](const Tensor& x) {
       return at::max_pool2d(centred(x), {3, 2}, {2, 2}, {1, 0}, 1, true);
     }},
    {"avg_pool",
     [](const Tensor& x) {
       return at::avg_pool2d(x, 3, 2, 1, false, /*count_include_pad=*/false) +
              at::avg_pool2d(x, 3, 2, 1);
     }},
    {"adaptive_avg",
     [](const Tensor& x) {
       return at::adaptive_avg_pool2d(x, {1, 1}) +
              at::adaptive_avg_pool2d(x, {3, 2}).amax({2, 3}, true);
     }},
    {"adaptive_max",
     [](const Tensor& x) {
       return std::get<0>(at::adaptive_max_pool2d(x, {2, 3}));
     }},
    {"attention",
     [](const Tensor& x) {
       return at::scaled_dot_product_attention(x, x * 2, x, kMask);
     }},
    {"attention_scale",
     [](const Tensor& x) {
       return at::scaled_dot_product_attention(x, x, x, {}, 0, false, 0.7);
     }},
    {"activations",
     [](const Tensor& x) {
       const Tensor y = centred(x);
       return at::elu(y, 0.5) + at::hardsigmoid(y) + at::hardswish(y) +
              at::leaky_relu(y, 0.2) + at::mish(y) + at::relu(y) + at::silu(y) +
              at::softplus(y) + at::tanh(y) + at::sigmoid(y);
     }},
    {"clipped",
     [](const Tensor& x) {
       const Tensor y = centred(x) * 5;
       return at::hardtanh(y, -1, 2) + at::relu6(y) + at::clamp(y, -2, 3) +
              at::clamp_min(y, -1) + at::clamp_max(y, 1);
     }},
    {"gelu",
     [](const Tensor& x) {
       return at::gelu(centred(x)) + 2 * at::gelu(centred(x), "tanh");
     }},
    {"softmax",
     [](const Tensor& x) {
       return at::softmax(x, -1) + at::log_softmax(x, 2);
     }},
    {"arithmetic",
     [](const Tensor& x) {
       const Tensor y = x + 0.5;
       return at::add(x, y, 3) - at::sub(y, x, 2) + at::rsub(x, 1) * y / 3 +
              at::pow(y, 1.5) + at::abs(-y) + at::maximum(x, y * 0.9) +
              at::minimum(x, kMask);
     }},
    {"functions",
     [](const Tensor& x) {
       const Tensor y = x + 0.5;
       return at::exp(x) + at::log(y) + at::sqrt(y) + at::rsqrt(y) +
              at::erf(x) + at::reciprocal(y);
     }},
    {"other_types",
     [](const Tensor& x) {
       return (x.to(torch::kDouble) * 1.5).to(torch::kFloat) +
              (x * 3).to(torch::kInt) * 0.5;
     }},
    {"reductions",
     [](const Tensor& x) {
       return x.mean({2, 3}, true) + x.sum({1}, true) + x.amax({-1}, true) +
              x.amin({2}, true) + x.mean({-1}).unsqueeze(3);
     }},
    {"shapes",
     [](const Tensor& x) {
       const Tensor y = x.view({-1, 2, 36}).permute({0, 2, 1});
       return y.unflatten(1, {6, 6}).unsqueeze(1).squeeze(1).flatten(1, 2);
     }},
    {"transpose_one_wide",
     [](const Tensor& x) {
       return x.narrow(1, 0, 1).permute({0, 2, 3, 1}).contiguous();
     }},
    {"flatten_batch",
     [](const Tensor& x) {
       return x.flatten(0, 1).flatten(1).reshape({-1, 72});
     }},
    {"expand",
     [](const Tensor& x) {
       return x.narrow(1, 0, 1).expand({-1, 2, -1, -1}) + kMask.expand_as(x);
     }},
    {"cat_stack",
     [](const Tensor& x) {
       return at::cat({x, at::stack({gray(x), gray(x) * 2}, 1)}, -1);
     }},
    {"pieces",
     [](const Tensor& x) {
       const auto halves = x.chunk(2, 3);
       const auto parts = x.split(4, 2);
       const auto rows = x.unbind(1);
       const auto sized = x.split_with_sizes({1, 5}, -1);
       return halves[0].sum({2, 3}) + halves[1].mean({2, 3}) +
              parts[1].amax({2, 3}) +
              (rows[1] - rows[0]).flatten(1).narrow(1, 3, 2) +
              sized[1].mean({2, 3});
     }},
    {"slices",
     [](const Tensor& x) {
       return x.slice(2, 1, 5, 2) + x.slice(2, -2) + x.narrow(2, -3, 2) +
              x.select(2, -1).unsqueeze(2);
     }},
    {"flip",
     [](const Tensor& x) {
       return x.flip({1, 3}) + x;
     }},
    {"pad",
     [](const Tensor& x) {
       return at::constant_pad_nd(x, {1, 0, 2, 3}, 0.5);
     }},
    {"in_place",
     [](const Tensor& x) {
       Tensor y = centred(x);
       return y.relu_().mul_(2).add_(1).clone().detach();
     }},
    {"nothing",
     [](const Tensor& x) {
       return at::dropout(x, 0.5, false).type_as(x).alias();
     }},
};

// Two means over every third value: all but a third of the values count.
Tensor as_logits(const Tensor& y) {
  const Tensor flat = y.flatten(1);
  const auto mean = [&](int64_t first) {
    return flat.slice(1, first, c10::nullopt, 3).mean({1}, true);
  };
  return at::cat({mean(0), mean(1)}, 1);
}

class EveryOperator : public testing::TestWithParam<Case> {};

TEST_P(EveryOperator, AnswersAsTorchDoes) {
  const Case& test = GetParam();
  const ZooModel zoo =
      make_test_model(std::make_shared<FunctionModel>([&](const Tensor& x) {
                        return as_logits(test.function(x));
                      }),
                      6, 2, 2);
  const onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
  const Tensor pixels = zoo.pixels(5), expected = zoo.answers(pixels);
  const double largest =
      (file_answers(file, pixels) - expected).abs().max().item<double>();
  EXPECT_LE(largest, 1e-5);
  EXPECT_GT(expected.std().item<double>(), 1e-4) << "says nothing";
}

INSTANTIATE_TEST_SUITE_P(Table, EveryOperator, testing::ValuesIn(kCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(Operators, AreKnownInPlaceToo) {
  TracedOperator op;
  op.name = "aten::relu";
  const Emit plain = find_operator(op);
  op.name = "aten::relu_";
  EXPECT_EQ(find_operator(op), plain);
}

TEST(Operators, StandInTheTableOnce) {
  const std::vector<std::string> names = known_operators();
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
  EXPECT_GT(names.size(), 70u);
}

std::string refusal(FunctionModel::Function function) {
  const ZooModel zoo =
      make_test_model(std::make_shared<FunctionModel>([&](const Tensor& x) {
                        return as_logits(function(x));
                      }),
                      6, 2, 2);
  return error_text([&] { export_model(*zoo.model, zoo.contract); });
}

TEST(Operators, SayWhatTheyCannot) {
  EXPECT_THAT(refusal([](const Tensor& x) {
                return at::batch_norm(x, {}, {}, {}, {}, true, 0.1, 1e-3,
                                      false);
              }),
              HasSubstr("where it uses the statistics of the batch"));
  EXPECT_THAT(refusal([](const Tensor& x) {
                return at::adaptive_avg_pool2d(x, {4, 4});
              }),
              HasSubstr("does not divide the input [N, 2, 6, 6]"));
  EXPECT_THAT(refusal([](const Tensor& x) { return x.flip({0}); }),
              HasSubstr("where it turns the batch around"));
  EXPECT_THAT(refusal([](const Tensor& x) {
                return at::scaled_dot_product_attention(x, x, x, {}, 0, true);
              }),
              HasSubstr("where is_causal, dropout_p or enable_gqa is set"));
  EXPECT_THAT(
      refusal([](const Tensor& x) {
        return std::get<1>(at::max_pool2d_with_indices(x, 2)).to(torch::kFloat);
      }),
      HasSubstr("where it reads an output that ONNX does not have"));
}

}  // namespace
}  // namespace fer
