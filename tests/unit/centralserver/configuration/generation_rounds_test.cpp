// SPDX-License-Identifier: MIT
#include "centralserver/configuration/generation_rounds.hpp"

#include <atomic>
#include <thread>

#include "unit/centralserver/configuration/generator_fixture.hpp"

namespace causeway::centralserver {
namespace {

constexpr int kTries = 1200;  // of 50 ms

class GenerationRoundsTest : public GeneratorTest {
 protected:
  void start() {
    rounds = std::make_unique<GenerationRounds>(
        GenerationRounds::Options{.interval = std::chrono::hours(1), .status_file = root.path() / "status.json"},
        [this]() -> Result<std::unique_ptr<Registry>> {
          if (!database_is_there) return Fault{"database_error.unavailable", "it is away"};
          return std::make_unique<Registry>(*Registry::open(*store::open_sqlite(root.path() / "x.db")));
        },
        generator(6), latest);
  }
  template <class Condition>
  bool comes(Condition condition) const {
    for (int i = 0; i < kTries && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return condition();
  }
  bool has_member(const std::string& name) const {
    return published(6) && shared_parameters(6).find(name) != std::string::npos;
  }

  std::atomic<bool> database_is_there = true;
  LatestGeneration latest;
  std::unique_ptr<GenerationRounds> rounds;  // last: it uses the others
};

TEST_F(GenerationRoundsTest, AChangeIsPublishedBeforeTheNextRoundIsDue) {
  fill();
  add_key(SourceType::internal);
  start();
  ASSERT_TRUE(comes([&] { return latest.get().good(); }));
  EXPECT_TRUE(generation_status_from_json(*read_file(root.path() / "status.json"))->good());
  change([](Change& c) { return rename_member(c, globalconf::client_id("DEV/GOV/1"), "Renamed"); });
  EXPECT_TRUE(comes([&] { return has_member("Renamed"); }));
}

TEST_F(GenerationRoundsTest, BeginAtOnceWhenTheyAreWoken) {
  fill();
  add_key(SourceType::internal);
  ASSERT_TRUE(signer.connect().logout("0"));
  start();
  ASSERT_TRUE(comes([&] { return latest.get().failing_since.has_value(); }));
  ASSERT_TRUE(signer.connect().login("0", signer::kPin));
  rounds->wake();
  EXPECT_TRUE(comes([&] { return latest.get().good(); }));
}

TEST_F(GenerationRoundsTest, GoOnWhenTheDatabaseIsBack) {
  fill();
  add_key(SourceType::internal);
  database_is_there = false;
  start();
  rounds->wake();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_FALSE(latest.get().attempted);
  database_is_there = true;
  rounds->wake();
  EXPECT_TRUE(comes([&] { return latest.get().good(); }));
}

}  // namespace
}  // namespace causeway::centralserver
