// SPDX-License-Identifier: MIT
#include "signer/token_manager.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/files.hpp"
#include "pki/certificate_builder.hpp"
#include "signer_fixture.hpp"

namespace causeway::signer {
namespace {

namespace fs = std::filesystem;

// Certificates for the keys of a signer, by a CA of this test.
class TestCa {
 public:
  pki::Certificate issue(const Bytes& spki, pki::CertificateKind kind) const {
    auto certificate = pki::issue_certificate({.kind = kind,
                                               .subject = *pki::DistinguishedName::parse("C=EE, CN=end"),
                                               .not_before = now() - std::chrono::hours(1),
                                               .not_after = now() + std::chrono::hours(1)},
                                              *pki::PublicKey::from_spki(spki), root_, key_);
    SignerDirectory::must(certificate);
    return *certificate;
  }

 private:
  pki::PrivateKey key_ = *pki::PrivateKey::generate_ec();
  pki::Certificate root_ = *pki::self_sign_certificate({.kind = pki::CertificateKind::root_ca,
                                                        .subject = *pki::DistinguishedName::parse("CN=root"),
                                                        .not_before = now() - std::chrono::hours(1),
                                                        .not_after = now() + std::chrono::hours(1)},
                                                       key_);
};

ClientId member() { return *ClientId::make("EE", "GOV", "1"); }

CsrOptions request_for(const std::string& key, KeyUsage usage) {
  CsrOptions options;
  options.key_id = key;
  options.usage = usage;
  options.subject = "C=EE, O=x, CN=1";
  if (usage == KeyUsage::signing) options.member = member();
  return options;
}

CertificateImport import_of(const pki::Certificate& certificate) {
  return {.certificate = certificate, .member = {}, .status = {}, .activate = true};
}

TEST(TokenManager, ATokenIsUnusableUntilItHasAPin) {
  const TemporaryDirectory directory;
  auto manager =
      TokenManager::open({.directory = directory.path(), .parameters = {}, .check_chain = {}, .check_revocation = {}});
  ASSERT_TRUE(manager.ok());
  EXPECT_EQ((*manager)->tokens()->front().status, "NOT_INITIALIZED");
  EXPECT_EQ((*manager)->login("0", kPin).error().code, "token_not_initialized");
  EXPECT_EQ((*manager)->generate_key("0", "x", {}).error().code, "token_not_active");
  EXPECT_EQ((*manager)->login("7", kPin).error().code, "token_not_found");
  ASSERT_TRUE((*manager)->initialize_token("0", kPin).ok());
  EXPECT_FALSE((*manager)->initialize_token("0", kPin).ok());
  EXPECT_EQ((*manager)->tokens()->front().status, "OK");
  EXPECT_FALSE((*manager)->tokens()->front().active);
}

TEST(TokenManager, AWrongPinIsToldAndLeavesTheTokenClosed) {
  SignerDirectory signer;
  ASSERT_TRUE(signer.manager().logout("0").ok());
  EXPECT_EQ(signer.manager().login("0", "wrong").error().code, "pin_incorrect");
  EXPECT_EQ(signer.manager().tokens()->front().status, "USER_PIN_INCORRECT");
  EXPECT_FALSE(signer.manager().tokens()->front().active);
  ASSERT_TRUE(signer.manager().login("0", kPin).ok());
  EXPECT_EQ(signer.manager().tokens()->front().status, "OK");
}

TEST(TokenManager, EnforcesThePinPolicyWhereItIsAskedTo) {
  const TemporaryDirectory directory;
  auto manager = TokenManager::open({.directory = directory.path(),
                                     .parameters = Parameters({{"signer.enforce-token-pin-policy", "true"}}),
                                     .check_chain = {},
                                     .check_revocation = {}});
  ASSERT_TRUE(manager.ok());
  EXPECT_EQ((*manager)->initialize_token("0", "1234").error().code, "token_pin_policy_failure");
  ASSERT_TRUE((*manager)->initialize_token("0", kPin).ok());
  EXPECT_EQ((*manager)->change_pin("0", kPin, "1234").error().code, "token_pin_policy_failure");
}

TEST(TokenManager, KeysOfBothKindsSignAndSurviveARestart) {
  SignerDirectory signer;
  const std::string rsa = signer.new_key(), ec = signer.new_key(false);
  signer.reopen();
  EXPECT_EQ(signer.manager().signing_key(rsa).error().code, "token_not_active");
  EXPECT_FALSE(find_key(*signer.manager().tokens(), rsa)->available);
  EXPECT_EQ(find_key(*signer.manager().tokens(), rsa)->label, "test");
  ASSERT_TRUE(signer.manager().login("0", kPin).ok());
  const Bytes digest(64, 1);
  for (const auto& [id, algorithm] : {std::pair{rsa, kRsaSha512}, {ec, kEcSha512}}) {
    auto key = signer.manager().signing_key(id);
    ASSERT_TRUE(key.ok());
    auto signature = (*key)->sign_digest(algorithm, digest);
    ASSERT_TRUE(signature.ok());
    const KeyInfo* info = find_key(*signer.manager().tokens(), id);
    EXPECT_TRUE(pki::PublicKey::from_spki(info->public_key)->verify_digest(algorithm, digest, *signature));
  }
  EXPECT_EQ((*signer.manager().signing_key(rsa))->sign_digest(kEcSha512, digest).error().code,
            "unsupported_sign_algorithm");
  EXPECT_EQ(find_key(*signer.manager().tokens(), ec)->mechanism, "CKM_ECDSA");
  EXPECT_EQ(signer.manager().signing_key("00").error().code, "key_not_found");
}

TEST(TokenManager, RefusesKeysThatAreTooShortOrOnOtherCurves) {
  SignerDirectory signer;
  EXPECT_FALSE(signer.manager().generate_key("0", "x", {.rsa = true, .bits = 1024}).ok());
  EXPECT_FALSE(signer.manager().generate_key("0", "x", {.rsa = false, .curve = "secp521r1"}).ok());
  EXPECT_TRUE(signer.manager().generate_key("0", "x", {.rsa = false, .curve = "secp384r1"}).ok());
}

TEST(TokenManager, FilesAreForTheirOwnerOnly) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  const auto mode = [](const fs::path& path) { return fs::status(path).permissions(); };
  EXPECT_EQ(mode(signer.path() / "softtoken"), fs::perms(0700));
  EXPECT_EQ(mode(signer.path() / "softtoken" / (key + ".p12")), fs::perms(0600));
  EXPECT_EQ(mode(signer.path() / "softtoken" / ".softtoken.p12"), fs::perms(0600));
  EXPECT_EQ(mode(signer.path() / "keyconf.xml"), fs::perms(0600));
}

TEST(TokenManager, ANewPinOpensEveryKey) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  EXPECT_EQ(signer.manager().change_pin("0", "wrong", "other").error().code, "pin_incorrect");
  ASSERT_TRUE(signer.manager().change_pin("0", kPin, "other").ok());
  const std::string later = signer.new_key(false);
  signer.reopen();
  EXPECT_EQ(signer.manager().login("0", kPin).error().code, "pin_incorrect");
  ASSERT_TRUE(signer.manager().login("0", "other").ok());
  EXPECT_TRUE(find_key(*signer.manager().tokens(), key)->available);
  EXPECT_TRUE(find_key(*signer.manager().tokens(), later)->available);
}

TEST(TokenManager, AChangeOfThePinThatWasCutOffIsUndoneOrFinished) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  const fs::path folder = signer.path() / "softtoken";
  // Cut off while the new folder was written: the old one counts.
  fs::create_directory(folder.string() + ".new");
  signer.reopen();
  EXPECT_FALSE(fs::exists(folder.string() + ".new"));
  EXPECT_TRUE(signer.manager().login("0", kPin).ok());
  // Cut off between the two renames: the new one is complete and counts.
  fs::copy(folder, folder.string() + ".new", fs::copy_options::recursive);
  fs::rename(folder, folder.string() + ".old");
  signer.reopen();
  EXPECT_FALSE(fs::exists(folder.string() + ".old"));
  ASSERT_TRUE(signer.manager().login("0", kPin).ok());
  EXPECT_TRUE(find_key(*signer.manager().tokens(), key)->available);
}

TEST(TokenManager, ARequestFixesTheUsageOfItsKey) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  CsrOptions nobody = request_for(key, KeyUsage::signing);
  nobody.member.reset();
  EXPECT_EQ(signer.manager().generate_csr(nobody).error().code, "invalid_request");
  ASSERT_TRUE(signer.manager().generate_csr(request_for(key, KeyUsage::signing)).ok());
  ASSERT_TRUE(signer.manager().generate_csr(request_for(key, KeyUsage::signing)).ok());
  EXPECT_EQ(find_key(*signer.manager().tokens(), key)->requests.size(), 1U);
  EXPECT_EQ(signer.manager().generate_csr(request_for(key, KeyUsage::authentication)).error().code, "wrong_key_usage");
  const std::string request = find_key(*signer.manager().tokens(), key)->requests.front().id;
  ASSERT_TRUE(signer.manager().delete_csr(request).ok());
  EXPECT_EQ(signer.manager().delete_csr(request).error().code, "csr_not_found");
}

TEST(TokenManager, ASigningCertificateGoesToItsKeyAndAnswersTheRequest) {
  SignerDirectory signer;
  const TestCa ca;
  const std::string key = signer.new_key(false);
  ASSERT_TRUE(signer.manager().generate_csr(request_for(key, KeyUsage::signing)).ok());
  const auto certificate = ca.issue(find_key(*signer.manager().tokens(), key)->public_key, pki::CertificateKind::sign);
  const std::uint64_t before = signer.manager().version();
  auto imported = signer.manager().import_certificate(import_of(certificate));
  ASSERT_TRUE(imported.ok()) << imported.error().text;
  EXPECT_NE(signer.manager().version(), before);
  signer.reopen();
  const KeyInfo* info = find_key(*signer.manager().tokens(), key);
  ASSERT_EQ(info->certificates.size(), 1U);
  EXPECT_TRUE(info->requests.empty());
  EXPECT_EQ(info->certificates.front().member, member());
  EXPECT_EQ(info->certificates.front().status, "registered");
  EXPECT_TRUE(info->certificates.front().active);
  EXPECT_EQ(signer.manager().import_certificate(import_of(certificate)).error().code, "cert_exists");
}

TEST(TokenManager, RefusesCertificatesOfOtherKeysAndForOtherUses) {
  SignerDirectory signer;
  const TestCa ca;
  const std::string key = signer.new_key(false);
  const Bytes spki = find_key(*signer.manager().tokens(), key)->public_key;
  const auto strange = ca.issue(pki::PrivateKey::generate_ec()->public_key().spki(), pki::CertificateKind::sign);
  EXPECT_EQ(signer.manager().import_certificate(import_of(strange)).error().code, "key_not_found");
  EXPECT_EQ(signer.manager().import_certificate(import_of(ca.issue(spki, pki::CertificateKind::plain))).error().code,
            "wrong_cert_usage");
  ASSERT_TRUE(signer.manager().generate_csr(request_for(key, KeyUsage::signing)).ok());
  EXPECT_EQ(
      signer.manager().import_certificate(import_of(ca.issue(spki, pki::CertificateKind::authentication))).error().code,
      "wrong_cert_usage");
}

TEST(TokenManager, OnlyAuthenticationKeysLeaveTheSigner) {
  SignerDirectory signer;
  const std::string authentication = signer.new_key(false), signing = signer.new_key(false),
                    unused = signer.new_key(false);
  ASSERT_TRUE(signer.manager().generate_csr(request_for(authentication, KeyUsage::authentication)).ok());
  ASSERT_TRUE(signer.manager().generate_csr(request_for(signing, KeyUsage::signing)).ok());
  EXPECT_TRUE(signer.manager().authentication_key(authentication).ok());
  EXPECT_EQ(signer.manager().authentication_key(signing).error().code, "access_denied");
  EXPECT_EQ(signer.manager().authentication_key(unused).error().code, "access_denied");
  ASSERT_TRUE(signer.manager().logout("0").ok());
  EXPECT_EQ(signer.manager().authentication_key(authentication).error().code, "token_not_active");
}

TEST(TokenManager, ChecksChainAndRevocationWhereItIsToldTo) {
  SignerDirectory signer;
  const TestCa ca;
  const std::string key = signer.new_key(false);
  const auto certificate =
      ca.issue(find_key(*signer.manager().tokens(), key)->public_key, pki::CertificateKind::authentication);
  const Result<void> bad = Fault{"cert_validation", "not good"};
  const auto open = [&](Result<void> chain, Result<void> revocation) {
    auto manager =
        TokenManager::open({.directory = signer.path(),
                            .parameters = {},
                            .check_chain = [chain](const pki::Certificate&) { return chain; },
                            .check_revocation = [revocation](const pki::Certificate&) { return revocation; }});
    SignerDirectory::must(manager);
    return *std::move(manager);
  };
  EXPECT_EQ(open(bad, {})->import_certificate(import_of(certificate)).error().code, "cert_validation");
  auto manager = open({}, bad);
  auto imported = manager->import_certificate(import_of(certificate));
  ASSERT_TRUE(imported.ok());
  EXPECT_FALSE(imported->active);
  EXPECT_EQ(imported->activation_error, "not good");
  EXPECT_FALSE(manager->activate(imported->certificate_id, true).ok());
  manager = open({}, {});
  ASSERT_TRUE(manager->activate(certificate.hash_hex(pki::DigestAlgorithm::sha256), true).ok());
  const CertificateInfo info = find_key(*manager->tokens(), key)->certificates.front();
  EXPECT_TRUE(info.active);
  EXPECT_EQ(info.status, "saved");
  EXPECT_EQ(info.activation_error, "");
  ASSERT_TRUE(manager->set_status(info.id, "registration in progress").ok());
  EXPECT_FALSE(manager->set_status(info.id, "nonsense").ok());
  ASSERT_TRUE(manager->delete_certificate(info.id).ok());
  EXPECT_EQ(manager->delete_certificate(info.id).error().code, "cert_not_found");
}

TEST(TokenManager, TakesUpFilesThatOthersChanged) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  const fs::path file = signer.path() / "keyconf.xml";
  std::string text = *read_file(file);
  text.replace(text.find("<friendlyName>test"), 18, "<friendlyName>renamed");
  ASSERT_TRUE(write_file_atomically(file, text).ok());
  const std::uint64_t before = signer.manager().version();
  signer.manager().reload_if_changed();
  EXPECT_EQ(find_key(*signer.manager().tokens(), key)->label, "renamed");
  EXPECT_NE(signer.manager().version(), before);
  // A faulty file changes nothing, and so does one that is gone.
  ASSERT_TRUE(write_file_atomically(file, "<keyConf").ok());
  signer.manager().reload_if_changed();
  EXPECT_EQ(find_key(*signer.manager().tokens(), key)->label, "renamed");
  fs::remove(file);
  signer.manager().reload_if_changed();
  ASSERT_NE(find_key(*signer.manager().tokens(), key), nullptr);
  ASSERT_TRUE(signer.manager().rename_key(key, "again").ok());
  EXPECT_TRUE(fs::exists(file));
}

TEST(TokenManager, ShowsAKeyFileThatTheConfigurationDoesNotKnow) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  const Bytes spki = find_key(*signer.manager().tokens(), key)->public_key;
  fs::remove(signer.path() / "keyconf.xml");
  signer.reopen();
  ASSERT_NE(find_key(*signer.manager().tokens(), key), nullptr);
  ASSERT_TRUE(signer.manager().login("0", kPin).ok());
  EXPECT_EQ(find_key(*signer.manager().tokens(), key)->public_key, spki);
}

TEST(TokenManager, ABrokenKeyFileDoesNotKeepTheOthersClosed) {
  SignerDirectory signer;
  const std::string good = signer.new_key(false), bad = signer.new_key(false);
  ASSERT_TRUE(write_file_atomically(signer.path() / "softtoken" / (bad + ".p12"), "garbage").ok());
  signer.reopen();
  ASSERT_TRUE(signer.manager().login("0", kPin).ok());
  EXPECT_TRUE(find_key(*signer.manager().tokens(), good)->available);
  EXPECT_FALSE(find_key(*signer.manager().tokens(), bad)->available);
  // Nor does a change of the PIN lose it.
  EXPECT_FALSE(signer.manager().change_pin("0", kPin, "other").ok());
  EXPECT_TRUE(signer.manager().login("0", kPin).ok());
}

TEST(TokenManager, AuthenticationKeysAreGivenOutWhileTokensChange) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  std::thread changer([&signer] {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(signer.manager().rename_token("0", "name " + std::to_string(i)).ok());
    }
  });
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(signer.manager().authentication_key(key).error().code, "access_denied");
  }
  changer.join();
}

TEST(TokenManager, ADeletedKeyIsGone) {
  SignerDirectory signer;
  const std::string key = signer.new_key(false);
  ASSERT_TRUE(signer.manager().delete_key(key).ok());
  EXPECT_EQ(find_key(*signer.manager().tokens(), key), nullptr);
  EXPECT_FALSE(fs::exists(signer.path() / "softtoken" / (key + ".p12")));
  EXPECT_EQ(signer.manager().delete_key("../../etc/passwd").error().code, "key_not_found");
}

TEST(TokenManager, TakesOverTheDirectoryOfAJavaSigner) {
  const auto vectors = xroad_signer_directory();
  if (!vectors) GTEST_SKIP() << "no X-Road vectors";
  const TemporaryDirectory directory;
  fs::copy(*vectors, directory.path() / "signer", fs::copy_options::recursive);
  auto opened = TokenManager::open(
      {.directory = directory.path() / "signer", .parameters = {}, .check_chain = {}, .check_revocation = {}});
  ASSERT_TRUE(opened.ok()) << opened.error().text;
  TokenManager& manager = **opened;
  EXPECT_EQ(manager.login("0", "wrong").error().code, "pin_incorrect");
  ASSERT_TRUE(manager.login("0", kPin).ok());
  const auto tokens = manager.tokens();
  ASSERT_EQ(tokens->front().keys.size(), 3U);
  for (const KeyInfo& key : tokens->front().keys) {
    ASSERT_TRUE(key.available) << key.id;
    const Bytes digest(64, 3);
    auto signature = (*manager.signing_key(key.id))->sign_digest(kRsaSha512, digest);
    ASSERT_TRUE(signature.ok());
    EXPECT_TRUE(key.certificates.front().certificate.public_key().verify_digest(kRsaSha512, digest, *signature));
  }
  EXPECT_TRUE(manager.authentication_key("DF9242D3CBDE6DAC8058D2878340C3B527041FD0").ok());
}

}  // namespace
}  // namespace causeway::signer
