// SPDX-License-Identifier: MIT
// Trust services for development: a root and an issuing CA, OCSP responders, a
// timestamping authority. Whoever can read the folder has the keys: never for production.
//
// Folder: <name>.pem and <name>.key (mode 0600) for root, ca, ocsp, root-ocsp and tsa;
// index.txt; certs/<serial>.pem.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pki/csr.hpp"
#include "pki/ocsp_responder.hpp"
#include "pki/timestamp.hpp"
#include "testca/certificate_index.hpp"

namespace causeway::testca {

enum class IssueKind { sign, authentication, tls };

struct TestCaOptions {
  std::string name = "Test";  // in the subjects: "C=FI, O=Test, CN=Test Root CA"
  bool ec_keys = false;       // P-256 instead of RSA 2048
  int years = 20;             // of the CA's certificates
};

// For many threads.
class TestCa {
 public:
  // Makes keys and certificates in an empty or new folder. bad_request when it has a CA already.
  static Result<std::unique_ptr<TestCa>> create(const std::filesystem::path& folder, const TestCaOptions& options,
                                                TimePoint at);
  // io_error when the folder has no CA.
  static Result<std::unique_ptr<TestCa>> open(const std::filesystem::path& folder);

  const pki::Certificate& root() const { return root_.certificate; }
  // The issuing CA, direct issuer of all members' and servers' certificates.
  const pki::Certificate& ca() const { return ca_.certificate; }
  const pki::Certificate& ocsp_signer() const { return ocsp_.certificate; }            // for certificates by ca()
  const pki::Certificate& root_ocsp_signer() const { return root_ocsp_.certificate; }  // for ca() itself
  const pki::Certificate& tsa() const { return tsa_.certificate; }

  // In the AIA extension of what is issued from now on; empty: none.
  void set_ocsp_url(std::string url);

  // Valid from an hour before `at`, for two years. bad_request.
  Result<pki::Certificate> issue(const pki::DistinguishedName& subject, const pki::PublicKey& key, IssueKind kind,
                                 const std::vector<std::string>& alt_names, TimePoint at);
  Result<pki::Certificate> issue(const pki::Csr& csr, IssueKind kind, TimePoint at) {
    return issue(csr.subject, csr.key, kind, csr.alt_names, at);
  }
  // By decimal serial number. not_found.
  Result<void> revoke(const std::string& serial, TimePoint at) { return index_.revoke(serial, at); }
  Result<void> unrevoke(const std::string& serial) { return index_.unrevoke(serial); }
  Result<std::vector<IssuedCertificate>> issued() { return index_.all(); }

  Bytes answer_ocsp(ByteView request, TimePoint at);
  Bytes answer_timestamp(ByteView request, TimePoint at) const;

 private:
  struct Identity {
    pki::PrivateKey key;
    pki::Certificate certificate;
  };

  TestCa(std::filesystem::path folder, Identity root, Identity ca, Identity ocsp, Identity root_ocsp, Identity tsa);

  static Result<Identity> load(const std::filesystem::path& folder, const std::string& name);
  static Result<void> store(const std::filesystem::path& folder, const std::string& name, const Identity& identity);
  std::string ocsp_url() const;
  pki::OcspResponder responder(const Identity& signer, const pki::Certificate& issuer);

  const std::filesystem::path folder_;
  const Identity root_, ca_, ocsp_, root_ocsp_, tsa_;
  CertificateIndex index_;
  const pki::OcspResponder responder_, root_responder_;
  const pki::TimestampAuthority authority_;
  mutable std::mutex mutex_;
  std::string ocsp_url_;  // guarded by mutex_
};

}  // namespace causeway::testca
