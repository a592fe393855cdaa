// SPDX-License-Identifier: MIT
// Makes what is missing of tests/data/evidence: write_evidence_vectors FOLDER. Its keys are
// thrown away.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "container_samples.hpp"
#include "verification_cases.hpp"

namespace causeway::evidence {
namespace {

void write(const std::filesystem::path& path, const std::string& content) {
  if (!content.empty()) std::ofstream(path, std::ios::binary) << content;
}

void add_algorithms(std::vector<VerificationCase>& cases, const TestMember& member) {
  using Kind = TestMember::KeyKind;
  const std::vector<std::pair<Kind, std::string>> kinds{
      {Kind::rsa_2048, "rsa-2048"}, {Kind::rsa_3072, "rsa-3072"}, {Kind::rsa_pss, "rsa-pss"}, {Kind::p384, "p-384"}};
  for (const auto& [kind, name] : kinds)
    cases.push_back({"algorithm-" + name, member.with_key(kind).sign({parts_of({"hello"})}).front(), {"hello"}, ""});
}

void write_containers(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const ContainerMaker maker;
  write(folder / "ca.pem", maker.member().ca.certificate.to_pem());
  write(folder / "tsa.pem", maker.tsa().certificate.to_pem());
  std::string list;
  for (const ContainerCase& one : container_cases(maker)) {
    write(folder / (one.name + ".asice"), to_text(one.file));
    list += one.name + (one.check.empty() ? " ok -" : " " + one.check + " " + one.code) + "\n";
  }
  write(folder / "cases.txt", list);
}

// What is there already stays: its keys are gone.
int write_all(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "containers")) write_containers(folder / "containers");
  if (std::filesystem::exists(folder / "cases.txt")) return 0;
  const TestMember member = TestMember::make();
  std::vector<VerificationCase> cases = verification_cases(member);
  add_algorithms(cases, member);
  std::filesystem::create_directories(folder);
  write(folder / "ca.pem", member.ca.certificate.to_pem());
  std::string list;
  for (const VerificationCase& one : cases) {
    const auto place = folder / one.name;
    std::filesystem::create_directories(place);
    write(place / "signature.xml", one.document.signature);
    write(place / "hash-chain-result.xml", one.document.hash_chain_result);
    write(place / "hash-chain.xml", one.document.hash_chain);
    for (std::size_t i = 0; i < one.contents.size(); ++i)
      write(place / (i == 0 ? "message" : "attachment" + std::to_string(i)), one.contents[i]);
    list += one.name + " " + one.sender + " " + (one.code.empty() ? "ok" : one.code) + "\n";
  }
  write(folder / "cases.txt", list);
  return 0;
}

}  // namespace
}  // namespace causeway::evidence

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  return causeway::evidence::write_all(argv[1]);
}
