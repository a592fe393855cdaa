// SPDX-License-Identifier: MIT
#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/timestamping_services.hpp"
#include "unit/centralserver/api/upload.hpp"

namespace causeway::centralserver {
namespace {

using globalconf::sample_pki;

const std::string kProfile = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";

class TrustServicesApi : public UploadingApi {
 protected:
  Reply approve(Texts texts, const std::vector<UploadedFile>& files) const {
    return upload("SYSTEM_ADMINISTRATOR", "POST", "/certification-services", texts, files);
  }
  std::string approved() const {
    return "/certification-services/" +
           std::to_string(number_in(approve({{"certificate_profile_info", kProfile}, {"default_csr_format", "PEM"}},
                                            {pem(sample_pki().ca)})));
  }
  Reply add(const std::string& path, const Texts& texts, const std::vector<UploadedFile>& files = {}) const {
    return upload("SYSTEM_ADMINISTRATOR", "POST", path, texts, files);
  }
  Reply change(const std::string& path, const Texts& texts, const std::vector<UploadedFile>& files = {}) const {
    return upload("SYSTEM_ADMINISTRATOR", "PATCH", path, texts, files);
  }
};

TEST_F(TrustServicesApi, AServiceIsApprovedShownChangedAndDeleted) {
  const Reply added = approve({{"certificate_profile_info", kProfile},
                               {"default_csr_format", "DER"},
                               {"tls_auth", "True"},
                               {"acme_server_directory_url", "https://acme.example.org/directory"},
                               {"acme_server_ip_address", "10.0.0.1, 10.0.0.2"},
                               {"authentication_certificate_profile_id", "auth"}},
                              {{"certificate", "ca.der", to_text(sample_pki().ca.der())}});
  const std::string path = "/certification-services/" + std::to_string(number_in(added));
  EXPECT_EQ(text_in(added, "/name"), "Root");
  EXPECT_EQ(text_in(added, "/issuer_distinguished_name").substr(0, 3), "CN=");
  EXPECT_EQ(text_in(added, "/tls_auth"), "true");
  EXPECT_EQ(text_in(added, "/default_csr_format"), "DER");
  EXPECT_EQ(text_in(added, "/acme_server_ip_address"), "10.0.0.1, 10.0.0.2");
  EXPECT_EQ(administrator("GET", path).body, added.body);
  EXPECT_NE(administrator("GET", "/certification-services").body.find(R"("name":"Root")"), std::string::npos);
  const Reply changed = administrator("PATCH", path, R"({"acme_server_directory_url":" ","default_csr_format":"PEM"})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(text_in(changed, "/default_csr_format"), "PEM");
  EXPECT_EQ(text_in(changed, "/acme_server_directory_url"), "");
  EXPECT_EQ(text_in(changed, "/authentication_certificate_profile_id"), "auth") << "what is left out stays";
  EXPECT_EQ(text_in(changed, "/tls_auth"), "false") << "but this";
  const Reply certificate = administrator("GET", path + "/certificate");
  EXPECT_EQ(text_in(certificate, "/hash").size(), 64U);
  EXPECT_EQ(text_in(certificate, "/subject_common_name"), "Root");
  EXPECT_EQ(text_in(certificate, "/version"), "3");
  EXPECT_NE(text_in(certificate, "/key_usages").find("KEY_CERT_SIGN"), std::string::npos);
  EXPECT_EQ(administrator("DELETE", path).status, 204);
  EXPECT_EQ(code_in(administrator("DELETE", path)), "404 certification_service_not_found");
  EXPECT_EQ(administrator("GET", "/certification-services").body, "[]");
}

TEST_F(TrustServicesApi, RefusesServicesThatServersCouldNotUse) {
  const Texts good = {{"certificate_profile_info", kProfile}, {"default_csr_format", "PEM"}};
  const auto with = [&](const std::string& name, const std::string& value) {
    Texts texts = good;
    texts.emplace_back(name, value);
    return code_in(approve(texts, {pem(sample_pki().ca)}));
  };
  EXPECT_EQ(with("acme_server_directory_url", "ftp://x"), "400 invalid_url");
  EXPECT_EQ(with("acme_server_ip_address", "10.0.0"), "400 invalid_ip_address");
  EXPECT_EQ(code_in(approve({{"default_csr_format", "PEM"}}, {pem(sample_pki().ca)})),
            "400 certificate_profile_info_class_not_found");
  EXPECT_EQ(
      code_in(approve({{"default_csr_format", "PEM"}, {"certificate_profile_info", "x"}}, {pem(sample_pki().ca)})),
      "400 certificate_profile_info_class_not_found");
  EXPECT_EQ(approve({{"certificate_profile_info", kProfile}}, {pem(sample_pki().ca)}).body, R"({"status":400})");
  EXPECT_EQ(approve(good, {}).body, R"({"status":400})");
  EXPECT_EQ(
      approve({{"certificate_profile_info", kProfile}, {"default_csr_format", "XML"}}, {pem(sample_pki().ca)}).body,
      wrong("default_csr_format", "typeMismatch"));
  EXPECT_EQ(code_in(approve(good, {{"certificate", "ca.pem", "none"}})), "400 invalid_certificate");
  EXPECT_EQ(code_in(approve(good, {{"certificate", "ca.pem", "#!/bin/sh"}})), "400 invalid_file_content_type");
  EXPECT_EQ(code_in(approve(good, {pem(sample_pki().ca, "ca.sh")})), "400 invalid_file_extension");
  EXPECT_EQ(code_in(approve(good, {pem(sample_pki().ca, "ca.sh.pem")})), "400 double_file_extension");
  EXPECT_EQ(approve(good, {{"certificate", "ca.pem", std::string(11 * 1024 * 1024, 'x')}}).status, 413);
  EXPECT_EQ(administrator("POST", "/certification-services", "{}").status, 415);
  EXPECT_EQ(administrator("GET", "/certification-services").body, "[]");
  for (const char* path : {"/certification-services/9", "/certification-services/9/certificate",
                           "/certification-services/9/intermediate-cas", "/certification-services/9/ocsp-responders"})
    EXPECT_EQ(code_in(administrator("GET", path)), "404 certification_service_not_found") << path;
  EXPECT_EQ(code_in(administrator("GET", "/certification-services/x")), "400 validation_failure");
  EXPECT_EQ(code_in(administrator("PATCH", "/certification-services/9", "{}")), "404 certification_service_not_found");
  const std::string path = approved();
  EXPECT_EQ(code_in(administrator("PATCH", path, R"({"certificate_profile_info":"x"})")),
            "400 certificate_profile_info_class_not_found");
  EXPECT_EQ(code_in(administrator("PATCH", path, R"({"acme_server_directory_url":"x"})")), "400 invalid_url");
}

TEST_F(TrustServicesApi, OcspRespondersAreAddedChangedAndDeleted) {
  const std::string service = approved();
  const Reply added = add(service + "/ocsp-responders", {{"url", "http://ocsp.example.org"}, {"cost_type", "FREE"}});
  const std::int64_t number = number_in(added);
  EXPECT_EQ(added.body, R"({"id":)" + std::to_string(number) +
                            R"(,"url":"http://ocsp.example.org","cost_type":"FREE","has_certificate":false})");
  EXPECT_EQ(administrator("GET", service + "/ocsp-responders").body, "[" + added.body + "]");
  const std::string path = "/ocsp-responders/" + std::to_string(number);
  EXPECT_EQ(code_in(administrator("GET", path + "/certificate")), "404 ocsp_responder_not_found") << "it has none";
  const Reply changed = change(path, {{"url", "http://other.example.org"}}, {pem(sample_pki().ocsp_signer)});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(text_in(changed, "/url"), "http://other.example.org");
  EXPECT_EQ(text_in(changed, "/cost_type"), "FREE") << "what is left out stays";
  EXPECT_EQ(text_in(changed, "/has_certificate"), "true");
  EXPECT_EQ(text_in(administrator("GET", path + "/certificate"), "/hash").size(), 64U);
  EXPECT_EQ(code_in(change(path, {{"url", "x"}})), "400 invalid_url");
  EXPECT_EQ(code_in(change(path, {}, {{"certificate", "c.pem", "x"}})), "400 invalid_certificate");
  EXPECT_EQ(change(path, {{"cost_type", "DEAR"}}).body, wrong("cost_type", "typeMismatch"));
  EXPECT_EQ(add(service + "/ocsp-responders", {{"url", "http://a"}}).body, R"({"status":400})");
  EXPECT_EQ(code_in(add(service + "/ocsp-responders", {{"url", "x"}, {"cost_type", "FREE"}})), "400 invalid_url");
  EXPECT_EQ(code_in(add("/certification-services/9/ocsp-responders", {{"url", "http://a"}, {"cost_type", "PAID"}})),
            "404 certification_service_not_found");
  EXPECT_EQ(administrator("GET", path).status, 403) << "X-Road lets nobody";
  EXPECT_EQ(administrator("DELETE", path).status, 204);
  EXPECT_EQ(code_in(administrator("DELETE", path)), "404 ocsp_responder_not_found");
  EXPECT_EQ(code_in(change(path, {{"url", "http://a"}})), "404 ocsp_responder_not_found");
  number_in(add(service + "/ocsp-responders", {{"url", "http://a"}, {"cost_type", "PAID"}}));
  EXPECT_EQ(administrator("DELETE", service).status, 204) << "with its responders";
}

TEST_F(TrustServicesApi, IntermediateCasAreAddedAndDeletedWithTheirResponders) {
  const std::string service = approved();
  const Reply added = add(service + "/intermediate-cas", {}, {pem(sample_pki().intermediate)});
  const std::string path = "/intermediate-cas/" + std::to_string(number_in(added));
  EXPECT_EQ(text_in(added, "/ca_certificate/issuer_common_name"), "Root");
  EXPECT_EQ(administrator("GET", path).body, added.body);
  EXPECT_EQ(administrator("GET", service + "/intermediate-cas").body, "[" + added.body + "]");
  const Reply responder =
      add(path + "/ocsp-responders", {{"url", "http://ocsp.example.org"}, {"cost_type", "UNDEFINED"}},
          {pem(sample_pki().ocsp_signer)});
  const std::string number = std::to_string(number_in(responder));
  EXPECT_EQ(administrator("GET", path + "/ocsp-responders").body, "[" + responder.body + "]");
  EXPECT_EQ(change("/ocsp-responders/" + number, {{"url", "http://a"}}).status, 200);
  EXPECT_EQ(administrator("DELETE", path + "/ocsp-responders/" + number).status, 204);
  EXPECT_EQ(code_in(administrator("DELETE", path + "/ocsp-responders/" + number)), "404 ocsp_responder_not_found");
  const std::string other =
      std::to_string(number_in(add(path + "/ocsp-responders", {{"url", "http://a"}, {"cost_type", "FREE"}})));
  EXPECT_EQ(administrator("DELETE", "/ocsp-responders/" + other).status, 204) << "also by its own number";
  EXPECT_EQ(code_in(add("/certification-services/9/intermediate-cas", {}, {pem(sample_pki().intermediate)})),
            "404 certification_service_not_found");
  EXPECT_EQ(code_in(add(service + "/intermediate-cas", {}, {{"certificate", "c.pem", "x"}})),
            "400 invalid_certificate");
  EXPECT_EQ(administrator("DELETE", path).status, 204);
  for (const std::string& gone : {path, path + "/ocsp-responders"})
    EXPECT_EQ(code_in(administrator("GET", gone)), "404 intermediate_ca_not_found");
  EXPECT_EQ(code_in(administrator("DELETE", path)), "404 intermediate_ca_not_found");
}

TEST_F(TrustServicesApi, TimestampingServicesAreApprovedChangedAndDeleted) {
  const std::string all = "/timestamping-services";
  const Reply added = add(all, {{"url", "http://tsa.example.org"}, {"cost_type", "PAID"}}, {pem(sample_pki().tsa)});
  const std::string path = all + "/" + std::to_string(number_in(added));
  EXPECT_EQ(text_in(added, "/timestamping_interval"), "60");
  EXPECT_EQ(text_in(added, "/certificate/hash").size(), 64U);
  EXPECT_EQ(administrator("GET", path).body, added.body);
  EXPECT_EQ(administrator("GET", all).body, "[" + added.body + "]");
  const Reply changed = change(path, {{"url", "http://other.example.org"}, {"cost_type", "FREE"}});
  EXPECT_EQ(text_in(changed, "/url"), "http://other.example.org");
  EXPECT_EQ(text_in(changed, "/cost_type"), "FREE");
  EXPECT_EQ(text_in(changed, "/certificate/hash"), text_in(added, "/certificate/hash"));
  const Reply other = change(path, {{"url", "http://a"}, {"cost_type", "FREE"}}, {pem(sample_pki().ocsp_signer)});
  EXPECT_NE(text_in(other, "/certificate/hash"), text_in(added, "/certificate/hash"));
  EXPECT_EQ(code_in(add(all, {{"url", "tsa"}, {"cost_type", "FREE"}}, {pem(sample_pki().tsa)})), "400 invalid_url");
  EXPECT_EQ(add(all, {{"url", std::string(256, 'u')}, {"cost_type", "FREE"}}, {pem(sample_pki().tsa)}).body,
            wrong("addTimestampingService.url", "Size"));
  EXPECT_EQ(code_in(add(all, {{"url", "http://a"}, {"cost_type", "FREE"}}, {{"certificate", "t.pem", "x"}})),
            "400 invalid_certificate");
  EXPECT_EQ(add(all, {{"url", "http://a"}, {"cost_type", "FREE"}}).body, R"({"status":400})");
  EXPECT_EQ(change(path, {{"url", "http://a"}}).body, R"({"status":400})");
  EXPECT_EQ(code_in(change(path, {{"url", "x"}, {"cost_type", "FREE"}})), "400 invalid_url");
  EXPECT_EQ(code_in(change(path, {{"url", "http://a"}, {"cost_type", "FREE"}}, {{"certificate", "t.pem", "x"}})),
            "400 invalid_certificate");
  EXPECT_EQ(administrator("DELETE", path).status, 204);
  EXPECT_EQ(code_in(administrator("DELETE", path)), "404 timestamping_authority_not_found");
  EXPECT_EQ(code_in(administrator("GET", path)), "404 timestamping_authority_not_found");
  EXPECT_EQ(code_in(change(path, {{"url", "http://a"}, {"cost_type", "FREE"}})),
            "404 timestamping_authority_not_found");
}

TEST_F(TrustServicesApi, OnlyWhoMay) {
  const std::string service = approved();
  for (const std::string& path : {service, service + "/certificate", service + "/intermediate-cas",
                                  std::string("/certification-services"), std::string("/timestamping-services"),
                                  std::string("/timestamping-services/1"), std::string("/intermediate-cas/1")}) {
    EXPECT_EQ(security("GET", path).status, 403) << path;
    EXPECT_EQ(officer("GET", path).status, 403) << path;
  }
  for (const char* path :
       {"/certification-services", "/certification-services/1/intermediate-cas",
        "/certification-services/1/ocsp-responders", "/intermediate-cas/1/ocsp-responders", "/timestamping-services"})
    EXPECT_EQ(upload("SECURITY_OFFICER", "POST", path, {}, {pem(sample_pki().ca)}).status, 403) << path;
  for (const char* path :
       {"/certification-services/1", "/intermediate-cas/1", "/ocsp-responders/1", "/timestamping-services/1"})
    EXPECT_EQ(security("DELETE", path).status, 403) << path;
}

}  // namespace
}  // namespace causeway::centralserver
