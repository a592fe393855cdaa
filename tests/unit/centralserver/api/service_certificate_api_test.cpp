// SPDX-License-Identifier: MIT
// The TLS certificate of the management services.
#include <sys/stat.h>

#include "pki/certificate_builder.hpp"
#include "pki/csr.hpp"
#include "unit/centralserver/api/upload.hpp"

namespace causeway::centralserver {
namespace {

using globalconf::sample_pki;

class ServiceCertificateApi : public UploadingApi {
 protected:
  static std::string at(const char* path) { return "/management-services-configuration/" + std::string(path); }
  Reply send(const std::string& content, const std::string& name = "c.pem") const {
    return upload("SECURITY_OFFICER", "POST", at("upload-certificate"), {}, {{"certificate", name, content}});
  }
  std::string hash() const { return text_in(security("GET", at("certificate")), "/hash"); }
  void generate() const { ASSERT_EQ(security("POST", at("certificate")).status, 201); }
  pki::Certificate issued(const pki::PublicKey& key) const {
    return *pki::issue_certificate({.kind = pki::CertificateKind::tls,
                                    .subject = *pki::DistinguishedName::parse("CN=cs"),
                                    .not_before = globalconf::time_of("2020-01-01T00:00:00Z"),
                                    .not_after = globalconf::time_of("2040-01-01T00:00:00Z")},
                                   key, sample_pki().ca, sample_pki().ca_key);
  }
  pki::Certificate stored() const {
    return *pki::Certificate::from_pem(*read_file(directory_ / "ssl/management-service.crt"));
  }
};

TEST_F(ServiceCertificateApi, KeyAndCertificateAreMade) {
  EXPECT_EQ(code_in(security("GET", at("certificate"))), "400 invalid_certificate");
  EXPECT_EQ(code_in(security("GET", at("download-certificate"))), "400 cannot_read_certificate");
  const Reply made = ask_with("SECURITY_OFFICER", "POST", at("certificate"), "-i ");
  EXPECT_EQ(made.status, 201);
  EXPECT_NE(made.body.find("/api/v1/management-services-configuration/certificate"), std::string::npos) << made.body;
  const Reply shown = security("GET", at("certificate"));
  EXPECT_EQ(text_in(shown, "/subject_distinguished_name"), "CN=cs.example.org");
  EXPECT_EQ(text_in(shown, "/subject_alternative_names"), "DNS:cs.example.org");
  struct stat key{};
  ASSERT_EQ(::stat((directory_ / "ssl/management-service.key").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600U);
  const std::string first = hash();
  generate();
  EXPECT_NE(hash(), first);
}

TEST_F(ServiceCertificateApi, IsDownloadedInAnArchive) {
  generate();
  const std::string archive = directory_ / "all.tar.gz";
  const Reply downloaded = security("GET", at("download-certificate"));
  EXPECT_EQ(downloaded.status, 200);
  ASSERT_TRUE(write_file_atomically(archive, downloaded.body));
  net::run_command("tar -xzf " + archive + " -C " + std::string(directory_ / ""));
  EXPECT_EQ(*read_file(directory_ / "management-service.pem"), stored().to_pem());
  EXPECT_EQ(*read_file(directory_ / "management-service.cer"), to_text(stored().der()));
}

TEST_F(ServiceCertificateApi, IsAskedForAndUploaded) {
  EXPECT_EQ(code_in(security("POST", at("generate-csr"), R"({"name":"CN=cs"})")), "400 csr_generation_failed");
  generate();
  EXPECT_EQ(code_in(security("POST", at("generate-csr"), R"({"name":"nothing"})")), "400 invalid_distinguished_name");
  EXPECT_EQ(code_in(security("POST", at("generate-csr"), R"({"name":""})")), "400 validation_failure");
  const Reply asked = security("POST", at("generate-csr"), R"({"name":"CN=cs.example.org, O=Example, C=EX"})");
  ASSERT_EQ(asked.status, 200) << asked.body;
  const auto csr = pki::read_csr(to_bytes(asked.body));
  ASSERT_TRUE(csr) << csr.error().text;
  EXPECT_EQ(csr->subject.to_string(), "C=EX, O=Example, CN=cs.example.org");
  const pki::Certificate certificate = issued(csr->key);
  EXPECT_EQ(code_in(send(to_text(certificate.der()) + sample_pki().ca.to_pem())), "400 key_not_found");
  EXPECT_EQ(send(certificate.to_pem()).status, 200);
  EXPECT_EQ(hash().size(), 64U);
  EXPECT_EQ(stored(), certificate);
  EXPECT_EQ(code_in(send(certificate.to_pem())), "400 certificate_already_exists");
  EXPECT_EQ(send(certificate.to_pem() + sample_pki().ca.to_pem(), "chain.pem").status, 200) << "with its issuer";
  EXPECT_EQ(send(to_text(certificate.der()), "c.der").status, 200);
}

TEST_F(ServiceCertificateApi, RefusesOtherCertificates) {
  EXPECT_EQ(code_in(send(sample_pki().ca.to_pem())), "400 cannot_read_certificate") << "there is no key yet";
  generate();
  const std::string before = hash();
  EXPECT_EQ(code_in(send("none")), "400 cannot_convert_bytes_to_certificate");
  EXPECT_EQ(code_in(send(sample_pki().ca.to_pem())), "400 key_not_found");
  EXPECT_EQ(code_in(send(sample_pki().ca.to_pem(), "c.txt")), "400 key_not_found") << "whatever it is called";
  const pki::Certificate certificate = issued(stored().public_key());
  EXPECT_EQ(code_in(send(certificate.to_pem() + sample_pki().tsa.to_pem())), "500 certificate_import_failed");
  std::string many = certificate.to_pem();
  for (int i = 0; i < 11; ++i) many += sample_pki().ca.to_pem();
  EXPECT_EQ(code_in(send(many)), "400 cannot_convert_bytes_to_certificate");
  EXPECT_EQ(hash(), before);
}

TEST_F(ServiceCertificateApi, OnlyWhoMay) {
  for (const char* role : {"SYSTEM_ADMINISTRATOR", "REGISTRATION_OFFICER"}) {
    for (const char* path : {"certificate", "download-certificate"}) EXPECT_EQ(ask(role, "GET", at(path)).status, 403);
    EXPECT_EQ(ask(role, "POST", at("certificate")).status, 403);
    EXPECT_EQ(ask(role, "POST", at("generate-csr"), R"({"name":"CN=x"})").status, 403);
    EXPECT_EQ(upload(role, "POST", at("upload-certificate"), {}, {pem(sample_pki().ca)}).status, 403);
  }
}

}  // namespace
}  // namespace causeway::centralserver
