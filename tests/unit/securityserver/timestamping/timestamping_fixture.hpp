// SPDX-License-Identifier: MIT
// A Security Server's directory with a log, a global configuration that approves an
// authority, and that authority's service.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "base/files.hpp"
#include "evidence/signature_timestamp.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/description.hpp"
#include "globalconf/view_holder.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/timestamping/timestamp_client.hpp"
#include "securityserver/timestamping/timestamp_finder.hpp"
#include "support/locations.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"
#include "unit/securityserver/timestamping/service_double.hpp"

namespace causeway::securityserver {

using namespace std::chrono_literals;

class TimestampingFixture : public ::testing::Test {
 protected:
  TimestampingFixture() {
    write_global_configuration({authority_.certificate});
    write_services({service_.url()});
  }

  // Approves these authorities; their addresses are those of cost().
  void write_global_configuration(const std::vector<pki::Certificate>& authorities) {
    globalconf::InstanceDescription description;
    description.instance = "DEV";
    description.member_classes = {{"COM", "Companies"}};
    description.members = {{{"COM", ""}, "1", "Member", {{"app", std::nullopt}}}};
    for (const auto& authority : authorities)
      description.timestamping_services.push_back(
          {"TSA", "http://unused.example", authority.der(), globalconf::CostType::free});
    for (const auto& [url, cost] : costs_)
      description.timestamping_services.push_back({"TSA", url, authority_.certificate.der(), cost});
    description.management = globalconf::ManagementService{"https://127.0.0.1:4001/", std::nullopt,
                                                           *ClientId::make("DEV", "COM", "1", "app")};
    auto parameters = *globalconf::shared_parameters_of(description, 6);
    parameters.sources.push_back({"127.0.0.1", {authority_.certificate.der()}, {authority_.certificate.der()}});
    const globalconf::ConfigurationDirectory directory(directory_.path() / "globalconf");
    ASSERT_TRUE(make_directories(directory.folder("DEV")));
    const auto save = [&](const std::string& file, const std::string& content, const std::string& identifier) {
      const globalconf::PartMetadata metadata{identifier, "DEV", now() + 24h, file, "/V6/1/" + file, "6"};
      ASSERT_TRUE(directory.save(directory.file("DEV", file), content, metadata));
    };
    save("shared-params.xml", globalconf::write_shared_parameters(parameters, 6), "SHARED-PARAMETERS");
    save("private-params.xml", globalconf::write_private_parameters(*globalconf::private_parameters_of(description)),
         "PRIVATE-PARAMETERS");
    ASSERT_TRUE(directory.save_own_instance("DEV"));
    const auto loaded = view_.refresh();
    ASSERT_TRUE(loaded) << loaded.error().text;
  }

  void write_services(const std::vector<std::string>& urls) {
    ServerConfiguration configuration{*ServerId::make("DEV", "COM", "1", "SS1"), {}, urls};
    const ClientId owner = *ClientId::make("DEV", "COM", "1", "");
    configuration.clients.emplace(
        owner,
        Client{.id = owner, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}});
    ASSERT_TRUE(write_file_atomically(directory_ / "server.yaml", export_configuration(configuration)));
    if (configuration_)
      ASSERT_TRUE(configuration_->reload());
    else
      configuration_ = *ConfigurationHolder::open(directory_ / "server.yaml", 0ms);
  }

  std::string log_directory() const { return directory_ / "messagelog"; }
  void open_log() { log_ = *MessageLog::open(threads_, {.place = {log_directory()}}); }
  // A signature document like no other.
  static std::string signature(std::uint64_t number) {
    static const std::string document =
        *read_file(testing::source_directory() / "tests/data/evidence/plain/signature.xml");
    return document + "<!-- " + std::to_string(number) + " -->";
  }
  static LogRecord record_signed(const std::string& document) {
    LogRecord record = sample_record("q");
    record.signature = {document, {}, {}};
    return record;
  }
  // Records with the signatures of their ids, from the next id on.
  void log_records(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = net::block_on(threads_.at(0), log_->append(record_signed(signature(logged_ + 1))));
      ASSERT_TRUE(id) << id.error().text;
      ASSERT_EQ(*id, ++logged_);
    }
    ASSERT_TRUE(log_->flush_index());
  }

  std::unique_ptr<TimestampClient> make_client(const TimestampingSettings& settings) {
    return std::make_unique<TimestampClient>(settings, [this]() -> net::HttpClient& { return *http_; });
  }

  // That the record's time is proved, and by what.
  TimestampEvidence expect_proof(std::uint64_t record, const pki::Certificate& authority) {
    TimestampEvidence none;
    auto finder = TimestampFinder::open(log_directory());
    EXPECT_TRUE(finder);
    if (!finder) return none;
    return expect_proof(*finder, record, authority);
  }
  TimestampEvidence expect_proof(std::uint64_t record) { return expect_proof(record, authority_.certificate); }
  static TimestampEvidence expect_proof(TimestampFinder& finder, std::uint64_t record,
                                        const pki::Certificate& authority) {
    const std::string document = signature(record);
    const auto found = finder.find(record, document);
    EXPECT_TRUE(found) << found.error().text;
    if (!found || !*found) {
      ADD_FAILURE() << "record " << record << " has no time-stamp";
      return {};
    }
    const TimestampEvidence& evidence = **found;
    const std::vector<pki::Certificate> approved{authority};
    const auto facts = pki::verify_timestamp(evidence.token, approved);
    EXPECT_TRUE(facts) << facts.error().text;
    if (!facts) return evidence;
    if (evidence.is_batch()) {
      EXPECT_TRUE(evidence::verify_timestamp_chain(evidence.hash_chain_result, evidence.hash_chain, document));
      EXPECT_TRUE(evidence::check_imprint(*facts, as_bytes(evidence.hash_chain_result)));
    } else {
      EXPECT_TRUE(evidence::check_imprint(*facts, *evidence::stamped_octets(document)));
    }
    return evidence;
  }
  bool is_stamped(std::uint64_t record) const {
    if (!TimestampStore::exists(log_directory())) return false;
    const auto store = TimestampStore::open(log_directory(), true);
    const auto found = store ? store->find(record) : Result<std::optional<Timestamp>>(store.error());
    return found && *found;
  }

  static void wait_until(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::sleep_for(5ms);
  }

  testing::TemporaryDirectory directory_;
  Authority authority_ = Authority::make("approved", 7);
  std::vector<std::pair<std::string, globalconf::CostType>> costs_;
  ServiceDouble service_{authority_};
  globalconf::ViewHolder view_{directory_.path() / "globalconf"};
  std::unique_ptr<ConfigurationHolder> configuration_;
  net::IoThreads threads_{2};
  std::unique_ptr<net::HttpClient> http_ = net::HttpClient::make(threads_.at(0));
  std::unique_ptr<MessageLog> log_;
  std::uint64_t logged_ = 0;
};

}  // namespace causeway::securityserver
