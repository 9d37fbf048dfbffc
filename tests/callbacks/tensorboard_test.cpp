#include "callbacks/tensorboard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "callbacks/event_file.h"
#include "core/file.h"
#include "mock_context.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

fs::path event_file(const fs::path& dir) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(dir)) {
    EXPECT_TRUE(found.empty()) << "a second file: " << entry.path();
    found = entry.path();
  }
  return found;
}

template <class T>
T read_at(const std::string& bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// The messages of a file, lengths and checksums verified.
std::vector<std::string> messages(const fs::path& path) {
  const std::string bytes = read_file(path);
  std::vector<std::string> found;
  size_t at = 0;
  while (at < bytes.size()) {
    const auto size = read_at<uint64_t>(bytes, at);
    EXPECT_EQ(read_at<uint32_t>(bytes, at + 8),
              masked_crc32c(bytes.substr(at, 8)));
    if (at + 16 + size > bytes.size()) {
      ADD_FAILURE() << "a record is cut short";
      break;
    }
    found.push_back(bytes.substr(at + 12, size));
    EXPECT_EQ(read_at<uint32_t>(bytes, at + 12 + size),
              masked_crc32c(found.back()));
    at += 16 + size;
  }
  return found;
}

/// Events without their wall time (the first nine bytes).
std::vector<std::string> timeless(const fs::path& path) {
  std::vector<std::string> found = messages(path);
  for (std::string& message : found) message.erase(0, 9);
  return found;
}

class TensorBoardTest : public testing::Test {
 protected:
  TensorBoardTest() { context_.dir = folder_.path(); }

  void run(TensorBoard& board, int first, int last) {
    for (int epoch = first; epoch <= last; ++epoch)
      board.on_epoch_end(context_, logs_of(epoch, 1.0 / epoch));
  }

  TemporaryFolder folder_;
  MockContext context_;
};

TEST_F(TensorBoardTest, WritesAVersionAndOneRecordAnEpoch) {
  TensorBoard board;
  board.on_train_begin(context_);
  run(board, 1, 3);
  const fs::path path = event_file(folder_.path());
  EXPECT_TRUE(path.filename().string().starts_with("events.out.tfevents."));
  const auto found = messages(path);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_NE(found[0].find("brain.Event:2"), std::string::npos);
  for (const char* tag : {"train/loss", "train/accuracy", "val/loss",
                          "val/accuracy", "learning_rate"})
    EXPECT_NE(found[3].find(tag), std::string::npos) << tag;
}

TEST_F(TensorBoardTest, DrawsNoCurveOfAccuraciesWithoutAnswers) {
  TensorBoard board;
  board.on_train_begin(context_);
  EpochLogs logs = logs_of(1, 0.5);
  logs.train_accuracy = logs.val_accuracy = NAN;
  board.on_epoch_end(context_, logs);
  const std::string event = messages(event_file(folder_.path())).back();
  EXPECT_NE(event.find("val/loss"), std::string::npos);
  EXPECT_EQ(event.find("accuracy"), std::string::npos);
}

TEST_F(TensorBoardTest, IsReadBackByThePackage) {
  const char* named = std::getenv("FERBENCH_PYTHON");
  const std::string python = named ? named : "python3";
  if (std::system((python + " -c 'import tensorboard' 2>/dev/null").c_str()))
    GTEST_SKIP() << python << " has no tensorboard package (name an "
                 << "interpreter that has it in FERBENCH_PYTHON)";
  TensorBoard board;
  board.on_train_begin(context_);
  run(board, 1, 4);
  const fs::path out = folder_.path() / "read.txt";
  const std::string script = fmt::format(
      "{} {}/callbacks/read_events.py {} > {}", python, FERBENCH_TEST_DIR,
      event_file(folder_.path()).string(), out.string());
  ASSERT_EQ(std::system(script.c_str()), 0);
  std::string expected;
  for (const char* tag : {"train/loss", "train/accuracy", "val/loss",
                          "val/accuracy", "learning_rate"}) {
    for (int epoch = 1; epoch <= 4; ++epoch) {
      const bool rate = std::string(tag) == "learning_rate";
      expected +=
          fmt::format("{} {} {:.6f}\n", tag, epoch, rate ? 1e-3 : 1.0 / epoch);
    }
  }
  EXPECT_EQ(read_file(out), expected);
}

TEST_F(TensorBoardTest, GoesOnInTheSameFileFromEveryCut) {
  TensorBoard unbroken;
  unbroken.on_train_begin(context_);
  run(unbroken, 1, 6);
  const auto expected = timeless(event_file(folder_.path()));
  for (int cut = 0; cut < 6; ++cut) {
    const TemporaryFolder folder;
    context_.dir = folder.path();
    TensorBoard before;
    before.on_train_begin(context_);
    run(before, 1, cut);
    const std::string saved = before.state().dump();
    run(before, cut + 1, cut + 1);  // written, but in no checkpoint
    TensorBoard after;
    after.load_state(Json::parse(saved));
    after.on_train_resume(context_, cut);
    EXPECT_EQ(messages(event_file(folder.path())).size(), cut + 1u);
    run(after, cut + 1, 6);
    EXPECT_EQ(timeless(event_file(folder.path())), expected) << "cut " << cut;
  }
}

TEST_F(TensorBoardTest, StartsANewFileWhenANewRunBegins) {
  TensorBoard board;
  board.on_train_begin(context_);
  run(board, 1, 3);
  const TemporaryFolder other;
  context_.dir = other.path();
  board.on_train_begin(context_);
  run(board, 1, 1);
  EXPECT_EQ(messages(event_file(other.path())).size(), 2u);
}

TEST_F(TensorBoardTest, RefusesToResumeWithoutItsFile) {
  TensorBoard board;
  board.on_train_begin(context_);
  run(board, 1, 2);
  const fs::path path = event_file(folder_.path());
  fs::resize_file(path, 10);
  const auto resume = [&] { board.on_train_resume(context_, 2); };
  const auto size = board.state()["offset"].get<int>();
  EXPECT_EQ(error_of<DataError>(resume),
            fmt::format("[tensorboard] expected an event file of at least {} "
                        "bytes; got 10 bytes ({}). Put the file back, or "
                        "resume with callbacks.tensorboard=null.",
                        size, path.string()));
  fs::remove(path);
  EXPECT_NE(error_of<DataError>(resume).find("No such file"),
            std::string::npos);
}

TEST_F(TensorBoardTest, NamesTheFileThatItCannotWrite) {
  context_.dir = folder_.path() / "missing";
  TensorBoard board;
  const std::string error =
      error_of<DataError>([&] { board.on_train_begin(context_); });
  EXPECT_EQ(error.find("[tensorboard] expected to append to the event file; "
                       "got 'No such file or directory' ("),
            0u)
      << error;
}

TEST_F(TensorBoardTest, RefusesABadState) {
  TensorBoard board;
  const Json state = {{"file", "events"}, {"offset", "x"}};
  EXPECT_EQ(error_of<DataError>([&] { board.load_state(state); }),
            "[tensorboard] expected a count as 'offset' in the saved state; "
            "got \"x\". The checkpoint is damaged or of another version: start "
            "a new run.");
}

}  // namespace
}  // namespace fer
