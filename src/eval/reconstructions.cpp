#include "eval/reconstructions.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "data/contact.h"
#include "eval/trained_model.h"
#include "train/autoencoding.h"
#include "train/batches.h"
#include "train/checkpoint.h"

namespace fer {
namespace {

constexpr double kGray = 0.5;

std::shared_ptr<MaskedAutoencoder> open_autoencoder(const RunFolder& run,
                                                    const ImageSet& images) {
  const auto model = make_autoencoder(run.config(), shape_of(images));
  const CheckpointStore store(run.checkpoints());
  load_model(store.load(chosen_checkpoint(run)).tensors, *model);
  model->eval();
  return model;
}

// Spread by a stride, so that no file order shows.
std::vector<int64_t> choose(const std::vector<int64_t>& rows, size_t count) {
  std::vector<int64_t> chosen;
  const size_t n = std::min(count, rows.size());
  for (size_t k = 0; k < n; ++k) chosen.push_back(rows[k * rows.size() / n]);
  return chosen;
}

// [C, H, W] in [0, 1].
Image to_picture(const torch::Tensor& image) {
  const torch::Tensor bytes = (image * 255.0)
                                  .round()
                                  .clamp(0, 255)
                                  .permute({1, 2, 0})
                                  .to(torch::kByte)
                                  .contiguous();
  const auto* data = bytes.data_ptr<uint8_t>();
  return {static_cast<int>(bytes.size(1)),
          static_cast<int>(bytes.size(0)),
          static_cast<int>(bytes.size(2)),
          {data, data + bytes.numel()}};
}

void add_row(const torch::Tensor& pictures, const char* caption,
             std::vector<Tile>& tiles) {
  for (int64_t i = 0; i < pictures.size(0); ++i)
    tiles.push_back({to_picture(pictures[i]), caption, Tile::Mark::kNone});
}

// The same image with gray in the place of what was hidden.
torch::Tensor masked(const MaskedAutoencoder& model, const Batch& batch) {
  const torch::Tensor gray = torch::full_like(batch.images, kGray);
  torch::Tensor patches = to_patches(gray, model.patch_size());
  const torch::Tensor index =
      batch.visible.unsqueeze(2).expand({-1, -1, patches.size(2)});
  patches = patches.scatter(
      1, index, to_patches(batch.images, model.patch_size()).gather(1, index));
  return from_patches(patches, model.patch_size(), batch.images.size(1));
}

}  // namespace

void write_reconstructions(const RunFolder& run, const ImageSet& images,
                           const Split& split, int count) {
  const torch::NoGradGuard guard;
  const auto model = open_autoencoder(run, images);
  const std::vector<int64_t> rows =
      choose(split.val, static_cast<size_t>(count));
  const auto n = static_cast<int64_t>(rows.size());
  Batches batches(images, rows, n, torch::kCPU);
  batches.hide_patches({model->patches(), model->visible()});
  const Batch batch = batches.get(0);
  const torch::Tensor drawn = model->draw(batch.images, batch.visible);
  std::vector<Tile> tiles;
  add_row(batch.images, "original", tiles);
  add_row(masked(*model, batch), "seen", tiles);
  add_row(model->picture(drawn, batch.images, batch.visible), "drawn", tiles);
  write_picture(run.path() / "figures" / "reconstructions-val.png",
                contact_sheet(tiles, static_cast<int>(n)));
}

}  // namespace fer
