// SPDX-License-Identifier: MIT
#include "securityserver/administration/administration.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <thread>

#include "base/files.hpp"
#include "globalconf/configuration_server.hpp"
#include "globalconf/publisher.hpp"
#include "signer/run.hpp"
#include "test_responder.hpp"

namespace causeway::securityserver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return *std::move(result);
}
void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text);
}

// The directory of a Security Server, whose signer has one registered certificate, and
// the processes of signer and administration in it.
class AdministrationTest : public ::testing::Test {
 protected:
  AdministrationTest() {
    std::string name = (fs::temp_directory_path() / "causeway-admin-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    make_signer();
    signer_ = fork_and([this] {
      return signer::run_signer({.directory = directory_ / "signer",
                                 .socket_path = signer::signer_socket(directory_),
                                 .parameters = {},
                                 .check_chain = {},
                                 .check_revocation = {}});
    });
    admin_ = fork_and([this] { return run_admin(directory_); });
  }
  ~AdministrationTest() override {
    for (const pid_t pid : {admin_, signer_}) {
      if (pid <= 0) continue;
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  // Before this process has threads.
  template <class Work>
  static pid_t fork_and(Work work) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(work() ? 0 : 1);
    return pid;
  }

  void make_signer() {
    auto manager = must(signer::TokenManager::open(
        {.directory = directory_ / "signer", .parameters = {}, .check_chain = {}, .check_revocation = {}}));
    must(manager->initialize_token("0", "1234"));
    must(manager->login("0", "1234"));
    const auto key = must(manager->generate_key("0", "sign", {.rsa = false}));
    certificate_ = pki::issue_certificate(spec(pki::CertificateKind::sign, "CN=sign"),
                                          *pki::PublicKey::from_spki(key.public_key), pki_.ca, pki_.ca_key);
    must(manager->import_certificate({.certificate = **certificate_,
                                      .member = ClientId::make("EE", "GOV", "1").operator*(),
                                      .status = {},
                                      .activate = true}));
  }

  globalconf::InstanceDescription instance(const std::string& ocsp_url) const {
    globalconf::InstanceDescription out;
    out.instance = "EE";
    out.member_classes = {{"GOV", "Government"}};
    out.members = {{{"GOV", ""}, "1", "Agency", {{"MGMT", {}}}}};
    globalconf::CertificationService service;
    service.name = "CA";
    service.top = {pki_.ca.der(), {{ocsp_url, {}, {}}}};
    service.profile_class = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";
    out.certification_services = {service};
    out.management =
        globalconf::ManagementService{"https://127.0.0.1:4001/", {}, *ClientId::make("EE", "GOV", "1", "MGMT")};
    return out;
  }

  json::object status() const {
    const auto text = read_file(directory_ / "run" / "admin-status.json");
    return text ? json::parse(*text).as_object() : json::object{};
  }
  json::object configuration_status() const {
    const json::object now = status();
    return now.contains("global_configuration") ? now.at("global_configuration").as_object() : json::object{};
  }
  std::optional<json::object> ocsp_status() const {
    const json::object now = status();
    if (!now.contains("ocsp") || now.at("ocsp").at("certificates").as_array().empty()) return std::nullopt;
    return now.at("ocsp").at("certificates").as_array().front().as_object();
  }
  template <class Condition>
  static void wait_until(Condition condition) {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  fs::path directory_;
  Pki pki_;
  std::optional<Result<pki::Certificate>> certificate_;
  pid_t signer_ = -1, admin_ = -1;
};

TEST_F(AdministrationTest, BringsConfigurationAndOcspResponsesAndTellsWhatFails) {
  // No anchor yet: it says so and goes on trying.
  wait_until(
      [&] { return configuration_status().contains("fault") && configuration_status().at("fault").is_object(); });
  EXPECT_EQ(configuration_status().at("fault").at("code").as_string(), "anchor_file_not_found");
  EXPECT_FALSE(configuration_status().at("valid").as_bool());

  Responder responder(pki_);
  net::IoThreads threads(1);
  const fs::path docroot = directory_ / "docroot";
  must(make_directories(docroot));
  auto site = must(globalconf::serve_configuration(threads, {}, docroot));
  const auto keys = [](const std::string& name) {
    auto key = must(pki::PrivateKey::generate_ec());
    auto certificate = must(globalconf::make_source_certificate(key, name));
    return globalconf::source_keys(std::move(key), std::move(certificate));
  };
  globalconf::Publisher publisher(
      {.instance = "EE", .docroot = docroot, .addresses = {"127.0.0.1:" + std::to_string(site->port())}},
      keys("internalSigningKey"), keys("externalSigningKey"));
  must(publisher.publish(instance(responder.url())));
  must(write_file_atomically(directory_ / "configuration-anchor.xml",
                             globalconf::write_anchor(publisher.internal_anchor())));
  ::kill(admin_, SIGHUP);

  wait_until([&] { return configuration_status().at("valid").as_bool() && ocsp_status(); });
  EXPECT_TRUE(configuration_status().at("fault").is_null());
  EXPECT_EQ(configuration_status().at("sources").at(0).at("instance").as_string(), "EE");
  EXPECT_EQ(ocsp_status()->at("status").as_string(), "good");
  EXPECT_EQ(ocsp_status()->at("responder").as_string(), responder.url());
  const fs::path file = directory_ / "ocsp" / ((**certificate_).hash_hex(pki::DigestAlgorithm::sha1) + ".ocsp");
  EXPECT_TRUE(fs::exists(file));

  // An outage is told, and what was fetched stays.
  responder.http_status = 500;
  ::kill(admin_, SIGHUP);
  wait_until([&] { return ocsp_status() && ocsp_status()->at("fault").is_string(); });
  EXPECT_TRUE(fs::exists(file));
  EXPECT_TRUE(configuration_status().at("valid").as_bool());

  ::kill(admin_, SIGTERM);
  int ended = 0;
  ::waitpid(std::exchange(admin_, -1), &ended, 0);
  EXPECT_TRUE(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
}

}  // namespace
}  // namespace causeway::securityserver
