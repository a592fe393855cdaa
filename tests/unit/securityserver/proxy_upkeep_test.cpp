// SPDX-License-Identifier: MIT
#include "securityserver/proxy_upkeep.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "base/files.hpp"
#include "net/coroutines.hpp"
#include "net/local_socket.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

// Takes what it is sent and never answers.
net::Task<void> hear_silently(net::Stream& stream, std::atomic<bool>& heard) {
  std::array<std::uint8_t, 256> octets;
  for (;;) {
    const auto size = co_await stream.read_some(octets);
    if (!size || *size == 0) co_return;
    heard = true;
  }
}

std::unique_ptr<ConfigurationHolder> configuration_in(const testing::TemporaryDirectory& directory) {
  ServerConfiguration configuration{*ServerId::make("DEV", "COM", "member", "SS"), {}, {}};
  const ClientId owner = *ClientId::make("DEV", "COM", "member", "");
  configuration.clients.emplace(
      owner,
      Client{.id = owner, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}});
  const std::string file = directory / "server.yaml";
  EXPECT_TRUE(write_file_atomically(file, export_configuration(configuration)).ok());
  auto holder = ConfigurationHolder::open(file);
  EXPECT_TRUE(holder.ok());
  return holder ? *std::move(holder) : nullptr;
}

TEST(ProxyUpkeep, EndsWhileTheSignerOwesItAnAnswer) {
  const testing::TemporaryDirectory directory;
  net::IoThreads signer_threads(1), threads(1);
  std::atomic<bool> heard = false;
  const auto signer =
      net::LocalServer::start(signer_threads.at(0), directory / "signer.sock", 0600,
                              [&heard](net::Stream& stream, net::LocalPeer) { return hear_silently(stream, heard); });
  ASSERT_TRUE(signer.ok());
  const auto configuration = configuration_in(directory);
  ASSERT_NE(configuration, nullptr);
  globalconf::ViewHolder view(directory / "globalconf");
  OcspCache ocsp(directory / "ocsp");
  const auto client = signer::SignerClient::make(threads, directory / "signer.sock");
  KeyRing keys(*client, ocsp);
  TimestampingGate timestamping(TimestampingSettings::from(Parameters()), *configuration,
                                directory / "timestamping-status.json", now());
  auto upkeep = std::make_unique<ProxyUpkeep>(threads, view, *configuration, ocsp, timestamping, keys, *client,
                                              [] { FAIL() << "keys were judged without a signer"; });
  while (!heard) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  upkeep.reset();
}

}  // namespace
}  // namespace causeway::securityserver
