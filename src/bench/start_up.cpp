// SPDX-License-Identifier: MIT
// Goal 5: from the start of a Security Server to its first signed exchange, with a
// configuration of 1,000 members and OCSP responses on disk.
#include <fmt/format.h>

#include <filesystem>
#include <thread>

#include "base/files.hpp"
#include "bench/stage.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/output.hpp"

namespace causeway::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMembers = 1000;
constexpr const char* kObject = "1024";
// A second copy of a server takes its ports on an address of its own.
constexpr const char* kAddress = "127.78.201.1";
constexpr std::chrono::seconds kLimit{60}, kStopGrace{20};
constexpr std::chrono::milliseconds kRetry{1};

// What a server needs of its directory; not what it wrote while it ran.
Result<void> copy_server(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::remove_all(to, error);
  if (auto made = make_directories(to); !made) return made;
  for (const char* name :
       {"conf.d", "configuration-anchor.xml", "server.yaml", "signer", "globalconf", "ocsp", "ssl"}) {
    std::filesystem::copy(from / name, to / name, std::filesystem::copy_options::recursive, error);
    if (error) return fault(FaultCode::io_error, fmt::format("{}: {}", (from / name).string(), error.message()));
  }
  const auto file = to / "conf.d" / "local.ini";
  auto text = read_file(file);
  if (!text) return text.error();
  *text += fmt::format(
      "\n[proxy]\nconnector-host={0}\nserver-listen-address={0}\nocsp-responder-listen-address={0}\n"
      "[proxy-ui-api]\naddress={0}\n",
      kAddress);
  return write_file_atomically(file, *text);
}

// The URL of the copy: the same port on the other address.
std::string url_of_copy(const RunningServer& original) {
  return fmt::format("http://{}{}", kAddress, original.consumer_url.substr(original.consumer_url.rfind(':')));
}

class StartUp {
 public:
  StartUp(Stage& stage, std::unique_ptr<RunningEcosystem> ecosystem)
      : stage_(stage),
        ecosystem_(std::move(ecosystem)),
        copy_(std::filesystem::absolute(stage.options().directory) / "copy") {}

  Result<void> run() {
    if (auto copied = copy_server(ecosystem_->consumer().directory, copy_); !copied) return copied;
    Goal goal{.number = "5",
              .measure = fmt::format("start to first signed exchange, {} members", kMembers),
              .unit = "ms",
              .must = 500,
              .goal = 50,
              .better = Better::less};
    stage_.progress("starting a server again and again");
    for (std::size_t i = 0; i < stage_.options().rounds; ++i) {
      const auto took = start_once();
      if (!took) return took.error();
      goal.rounds.push_back(*took * 1000);
    }
    stage_.report().goals.push_back(std::move(goal));
    return ecosystem_->check_alive();
  }

 private:
  // Seconds until a call was answered with 2xx.
  Result<double> start_once() {
    Load first;
    first.request = signed_object(*ecosystem_, kObject);
    const std::string& original = ecosystem_->consumer().consumer_url;
    first.request.url = url_of_copy(ecosystem_->consumer()) + first.request.url.substr(original.size());
    first.requests = 1;
    first.patience = kLimit;
    const auto log = copy_ / "server.log";
    ecosystem::Children server;
    const auto begin = Clock::now();
    if (auto started = server.start("server", {"security-server", "--dir", copy_.string()}, log); !started)
      return started.error();
    for (;;) {
      const auto answer = run_load(first);
      const double took = std::chrono::duration<double>(Clock::now() - begin).count();
      if (answer && answer->answered == 1) {
        server.stop_all(kStopGrace);
        return took;
      }
      if (Clock::now() - begin > kLimit || !server.reap().empty())
        return fault(FaultCode::io_error,
                     "a copy of a server does not exchange messages:\n" + ecosystem::last_lines(log, 10));
      std::this_thread::sleep_for(kRetry);
    }
  }

  Stage& stage_;
  std::unique_ptr<RunningEcosystem> ecosystem_;
  const std::filesystem::path copy_;
};

}  // namespace

Result<void> measure_start(Stage& stage) {
  auto ecosystem = stage.start_ecosystem("members", {"--members", std::to_string(kMembers)});
  if (!ecosystem) return ecosystem.error();
  return StartUp(stage, std::move(*ecosystem)).run();
}

}  // namespace causeway::bench
