#include "data/synthetic.h"

#include "core/error.h"
#include "core/parallel.h"
#include "data/assemble.h"
#include "data/face.h"

namespace fer {
namespace {

// Traits and noise have streams of their own: more traits leave the noise as
// it is.
constexpr uint32_t kTraits = 0, kNoise = 1;

struct Drawn {
  Emotion emotion;
  std::string class_name;
};

std::vector<Drawn> drawn_classes(const DataConfig& config,
                                 ClassFilter& filter) {
  std::vector<Drawn> drawn;
  const auto& names = synthetic_emotions();
  for (size_t i = 0; i < names.size(); ++i) {
    if (const auto target = filter(names[i]))
      drawn.push_back({static_cast<Emotion>(i), *target});
  }
  filter.finish("synthetic");
  if (config.synthetic.images < static_cast<int>(drawn.size())) {
    fail<DataError>(
        "[data] expected data.synthetic.images to reach every class; got {} "
        "for {} classes. Raise it.",
        config.synthetic.images, drawn.size());
  }
  return drawn;
}

LooseImage draw(const DataConfig& config, const Drawn& what, uint32_t i) {
  const SyntheticConfig& s = config.synthetic;
  const auto seed = static_cast<uint64_t>(s.seed);
  Philox traits(seed, kTraits, i, Purpose::kSynthetic);
  Philox noise(seed, kNoise, i, Purpose::kSynthetic);
  const Face face = make_face(what.emotion, s.occlusion, traits);
  const int size = config.image_size;
  Image image{size, size, 1, draw_face(face, size, s.noise, noise)};
  return {fmt::format("face-{}", i), what.class_name, Usage::kNone, 0,
          fit_image(std::move(image), config).pixels};
}

}  // namespace

const std::vector<std::string>& synthetic_emotions() {
  static const std::vector<std::string> names = {
      "angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"};
  return names;
}

ImageSet draw_faces(const DataConfig& config) {
  ClassFilter filter(config);
  const std::vector<Drawn> drawn = drawn_classes(config, filter);
  std::vector<LooseImage> images(static_cast<size_t>(config.synthetic.images));
  parallel_for(
      images.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
          images[i] =
              draw(config, drawn[i % drawn.size()], static_cast<uint32_t>(i));
        }
      },
      16);
  return assemble(std::move(images), {}, filter, config, Order::kAsRead);
}

}  // namespace fer
