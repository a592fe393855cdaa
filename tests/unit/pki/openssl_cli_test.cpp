// SPDX-License-Identifier: MIT
// What we make, judged by the openssl command line.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "pki/csr.hpp"
#include "pki/pkcs12.hpp"
#include "pki/timestamp.hpp"
#include "unit/pki/files.hpp"
#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

class OpensslCli : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("openssl version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no openssl command";
    folder_ = std::filesystem::temp_directory_path() / ("causeway-pki-test-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& name, std::string_view content) const {
    ASSERT_TRUE(write_file_atomically(folder_ / name, content));
  }
  std::string get(const std::string& name) const { return *read_file(folder_ / name); }
  // Runs in the folder; the output is shown when the test fails.
  bool run(const std::string& arguments) const {
    const std::string command =
        "cd " + folder_.string() + " && timeout 60 openssl " + arguments + " > out.txt 2>&1 < /dev/null";
    if (std::system(command.c_str()) == 0) return true;
    std::cerr << "openssl " << arguments << "\n" << get("out.txt");
    return false;
  }

  std::filesystem::path folder_;
};

TEST_F(OpensslCli, AcceptsOurChainsForTheirPurposes) {
  const World& w = world();
  put("root.pem", w.root.certificate.to_pem());
  put("ca.pem", w.ca.certificate.to_pem());
  put("member.pem", w.member.certificate.to_pem());
  put("ocsp.pem", w.ocsp.certificate.to_pem());
  put("auth.pem", issued(spec_of(CertificateKind::authentication, "CN=ss"), w.ca).certificate.to_pem());
  put("tsa.pem", issued(spec_of(CertificateKind::time_stamping, "CN=tsa"), w.ca).certificate.to_pem());
  const std::string verify = "verify -x509_strict -attime 1772366400 -CAfile root.pem -untrusted ca.pem ";
  EXPECT_TRUE(run(verify + "member.pem"));
  EXPECT_TRUE(run(verify + "-purpose sslclient auth.pem"));
  EXPECT_TRUE(run(verify + "-purpose sslserver auth.pem"));
  EXPECT_TRUE(run(verify + "-purpose timestampsign tsa.pem"));
  EXPECT_TRUE(run(verify + "-purpose ocsphelper ocsp.pem"));
}

TEST_F(OpensslCli, AgreesOnOcsp) {
  const World& w = world();
  put("root.pem", w.root.certificate.to_pem());
  put("ca.pem", w.ca.certificate.to_pem());
  put("member.pem", w.member.certificate.to_pem());
  ASSERT_TRUE(run("ocsp -no_nonce -issuer ca.pem -cert member.pem -reqout request.der"));
  EXPECT_EQ(to_bytes(get("request.der")), make_ocsp_request(w.member.certificate, w.ca.certificate));

  ASSERT_TRUE(run("ocsp -sha256 -issuer ca.pem -cert member.pem -reqout with_nonce.der"));
  const OcspResponder responder = w.responder(w.ocsp, w.options());
  for (const auto& [name, hash] : {std::pair{"request.der", "-sha1"}, std::pair{"with_nonce.der", "-sha256"}}) {
    put("response.der", as_text(responder.respond(as_bytes(get(name)), now())));
    EXPECT_TRUE(run(std::string("ocsp ") + hash +
                    " -issuer ca.pem -cert member.pem -no_nonce -respin response.der -attime 1772366400 "
                    "-CAfile root.pem -verify_other ca.pem"));
    EXPECT_NE(get("out.txt").find("Response verify OK"), std::string::npos) << get("out.txt");
    EXPECT_NE(get("out.txt").find("good"), std::string::npos);
  }
}

TEST_F(OpensslCli, ItsOcspAnswersAreOurs) {
  World own;
  put("ca.pem", own.ca.certificate.to_pem());
  put("ocsp.pem", own.ocsp.certificate.to_pem());
  put("ocsp.key", own.ocsp.key.to_pem());
  put("request.der", as_text(make_ocsp_request(own.member.certificate, own.ca.certificate)));
  ASSERT_TRUE(run("x509 -in ca.pem -noout"));
  put("member.pem", own.member.certificate.to_pem());
  ASSERT_TRUE(run("x509 -in member.pem -noout -serial"));
  std::string serial = get("out.txt");
  serial = serial.substr(serial.find('=') + 1);
  serial.pop_back();
  put("index.txt", "V\t270301120000Z\t\t" + serial + "\tunknown\t/CN=1234\n");
  ASSERT_TRUE(
      run("ocsp -index index.txt -CA ca.pem -rsigner ocsp.pem -rkey ocsp.key -reqin request.der "
          "-respout response.der -nmin 5"));
  const std::string response = get("response.der");
  const auto facts = own.verify(as_bytes(response), now());
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_TRUE(facts->next_update);
}

TEST_F(OpensslCli, AgreesOnTimestamps) {
  const World& w = world();
  const Party tsa = issued(spec_of(CertificateKind::time_stamping, "CN=TSA"), w.root);
  put("root.pem", w.root.certificate.to_pem());
  put("tsa.pem", tsa.certificate.to_pem());
  put("data", "evidence");
  ASSERT_TRUE(run("ts -query -data data -sha512 -no_nonce -out request.tsq"));
  const Bytes imprint = digest(DigestAlgorithm::sha512, as_bytes("evidence"));
  EXPECT_EQ(to_bytes(get("request.tsq")), make_timestamp_request(DigestAlgorithm::sha512, imprint));

  const TimestampAuthority authority(tsa.certificate, tsa.key, "1.2.3.4", [] { return 5U; });
  put("response.tsr", as_text(authority.respond(as_bytes(get("request.tsq")), kNoon)));
  EXPECT_TRUE(
      run("ts -verify -attime 1772366400 -queryfile request.tsq -in response.tsr -CAfile root.pem "
          "-untrusted tsa.pem"));
  ASSERT_TRUE(run("ts -query -data data -sha256 -cert -out with_nonce.tsq"));
  put("response.tsr", as_text(authority.respond(as_bytes(get("with_nonce.tsq")), kNoon)));
  EXPECT_TRUE(run("ts -verify -attime 1772366400 -queryfile with_nonce.tsq -in response.tsr -CAfile root.pem"));
}

TEST_F(OpensslCli, ItsTimestampsAreOurs) {
  const World& w = world();
  const Party tsa = issued(spec_of(CertificateKind::time_stamping, "CN=TSA"), w.root);
  put("tsa.pem", tsa.certificate.to_pem());
  put("tsa.key", tsa.key.to_pem());
  put("serial", "01\n");
  put("ts.cnf",
      "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\n"
      "default_policy=1.2.3\ndigests=sha512\ness_cert_id_chain=no\ness_cert_id_alg=sha1\n");
  const Bytes imprint = digest(DigestAlgorithm::sha512, as_bytes("evidence"));
  put("request.tsq", as_text(make_timestamp_request(DigestAlgorithm::sha512, imprint)));
  ASSERT_TRUE(run("ts -reply -config ts.cnf -queryfile request.tsq -out response.tsr"));
  const auto token = token_of_response(as_bytes(get("response.tsr")), DigestAlgorithm::sha512, imprint);
  ASSERT_TRUE(token) << token.error().text;
  const std::vector<Certificate> approved = {tsa.certificate};
  EXPECT_TRUE(verify_timestamp(*token, approved));
}

TEST_F(OpensslCli, ReadsOurRequestsAndStores) {
  const PrivateKey key = *PrivateKey::generate_rsa(2048);
  const CsrSpec spec{.subject = *DistinguishedName::parse("C=FI, CN=x"), .use = CsrUse::signing};
  const auto sign = [&](SignatureAlgorithm algorithm, ByteView hash) { return key.sign_digest(algorithm, hash); };
  for (const auto scheme : {SignatureScheme::rsa_pkcs1, SignatureScheme::rsa_pss}) {
    put("request.pem", csr_to_pem(*make_csr(spec, key.public_key(), {scheme, DigestAlgorithm::sha256}, sign)));
    EXPECT_TRUE(run("req -in request.pem -noout -verify"));
  }
  const std::vector<Certificate> chain = {world().member.certificate};
  put("store.p12", as_text(*write_pkcs12(world().member.key, chain, "alias", "Secret1234")));
  EXPECT_TRUE(run("pkcs12 -in store.p12 -passin pass:Secret1234 -nodes"));
}

}  // namespace
}  // namespace causeway::pki
