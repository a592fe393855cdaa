// SPDX-License-Identifier: MIT
// A registry, a signer, and what is made of them.
#pragma once

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "centralserver/configuration/generator.hpp"
#include "centralserver/registry/initialization.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "globalconf/directory_file.hpp"
#include "signer/usable_key.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"
#include "unit/globalconf/samples.hpp"
#include "unit/signer/running_signer.hpp"

namespace causeway::centralserver {

class GeneratorTest : public ::testing::Test {
 protected:
  void change(const std::function<Result<void>(Change&)>& operation) {
    auto change = Change::begin(registry, "admin");
    ASSERT_TRUE(change);
    const auto done = operation(*change);
    ASSERT_TRUE(done) << done.error().text;
    ASSERT_TRUE(change->commit());
  }
  void fill() {
    change([](Change& c) { return initialize(c, "DEV", "cs.example.org"); });
    change([](Change& c) { return add_member_class(c, {"GOV", "Government"}); });
    change([](Change& c) { return add_member(c, globalconf::client_id("DEV/GOV/1"), "Agency"); });
    change([](Change& c) { return add_subsystem(c, globalconf::client_id("DEV/GOV/1/MGMT"), ""); });
    change([](Change& c) { return set_management_service_provider(c, globalconf::client_id("DEV/GOV/1/MGMT")); });
  }
  std::string add_key(SourceType source, bool rsa = false) {
    auto connection = signer.connect();
    const auto key = *connection.generate_key({.rsa = rsa});
    auto certificate =
        globalconf::make_source_certificate(*pki::PublicKey::from_spki(key.public_key), signer::scheme_of(key),
                                            signer::digest_signer(connection, key.id), "internalSigningKey");
    change([&](Change& c) -> Result<void> {
      auto added =
          add_signing_key(c, {.id = key.id, .source = source, .node = {}, .token = "0", .certificate = *certificate});
      return added ? Result<void>() : added.error();
    });
    return key.id;
  }
  Generator generator(int oldest_version = globalconf::kOldestVersion) {
    return Generator(
        {.docroot = root.path() / "public",
         .oldest_version = oldest_version,
         .registration_certificate = root.path() / "registration.crt"},
        [this] { return signer::SignerConnection::open(signer.directory.socket(), std::chrono::seconds(5)); });
  }
  std::filesystem::path file(int version, SourceType source = SourceType::internal) const {
    return globalconf::VersionPublisher(root.path() / "public", version).directory_file(source);
  }
  // By the certificates of all keys.
  Result<globalconf::SignedDirectory> published(int version, SourceType source = SourceType::internal,
                                                TimePoint at = now()) const {
    const auto text = read_file(file(version, source));
    if (!text) return text.error();
    std::vector<Bytes> certificates;
    for (const SigningKey& key : *signing_keys(registry)) certificates.push_back(key.certificate.der());
    return globalconf::open_signed_directory(*text, certificates, at);
  }
  std::string shared_parameters(int version) const {
    return *read_file(root.path() / "public" / published(version)->parts.at(0).location.substr(1));
  }

  const testing::TemporaryDirectory root;
  Registry registry = *Registry::open(*store::open_sqlite(root.path() / "x.db"));
  signer::RunningSigner signer;
};

}  // namespace causeway::centralserver
