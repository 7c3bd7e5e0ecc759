//! Who was made of whom, as a tree from left to right.
#include "report_format.hpp"
#include "report_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace persona::prompt {
namespace {

constexpr double column_width = 148, row_height = 34, node_width = 116, node_height = 24;
constexpr std::size_t most_nodes = 120;

struct Node {
  std::size_t depth = 0, row = 0;
};

// Depth is one more than the deepest parent's; rows are in the order of making.
std::map<std::string, Node, std::less<>> placed_nodes(const std::vector<Candidate>& candidates) {
  std::map<std::string, Node, std::less<>> nodes;
  std::map<std::size_t, std::size_t> rows;
  for (const Candidate& candidate : candidates) {
    Node node;
    for (const std::string& parent : candidate.parents)
      if (const auto found = nodes.find(parent); found != nodes.end())
        node.depth = std::max(node.depth, found->second.depth + 1);
    node.row = rows[node.depth]++;
    nodes[candidate.id] = node;
  }
  return nodes;
}

std::set<std::string, std::less<>> ancestors_of(const OptimizationReport& report) {
  std::set<std::string, std::less<>> line;
  std::vector<std::string> open = {shown_candidate(report).id};
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    if (!line.insert(id).second) continue;
    if (const Candidate* candidate = find_candidate(report, id))
      open.insert(open.end(), candidate->parents.begin(), candidate->parents.end());
  }
  return line;
}

double left_of(const Node& node) {
  return 8 + static_cast<double>(node.depth) * column_width;
}
double middle_of(const Node& node) {
  return 20 + static_cast<double>(node.row) * row_height;
}

}  // namespace

std::string lineage_chart(const OptimizationReport& report) {
  if (report.candidates.size() < 2) return "";
  std::vector<Candidate> shown(
      report.candidates.begin(),
      report.candidates.begin() + static_cast<std::ptrdiff_t>(std::min(report.candidates.size(), most_nodes)));
  const auto nodes = placed_nodes(shown);
  const auto line = ancestors_of(report);
  std::string edges, boxes;
  double width = 0, height = 0;
  for (const Candidate& candidate : shown) {
    const Node& node = nodes.find(candidate.id)->second;
    for (const std::string& parent : candidate.parents) {
      const auto from = nodes.find(parent);
      if (from == nodes.end()) continue;
      const double x = left_of(from->second) + node_width, bend = (x + left_of(node)) / 2;
      edges +=
          fmt::format("<path class=\"edge{}\" d=\"M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}\"/>",
                      line.contains(candidate.id) && line.contains(parent) ? " line" : "", x, middle_of(from->second),
                      bend, middle_of(from->second), bend, middle_of(node), left_of(node), middle_of(node));
    }
    const bool won = candidate.id == report.winner, base = candidate.parents.empty();
    boxes += fmt::format(
        "<g><title>{}: {}, {}</title><rect class=\"node{}\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"{}\" height=\"{}\" "
        "rx=\"7\"/><text class=\"ink mid\" x=\"{:.0f}\" y=\"{:.0f}\">{} {:.0f} %</text></g>",
        html_escaped(candidate.id), html_escaped(origin_of(candidate)), interval_text(candidate.score),
        won    ? " won"
        : base ? " base"
               : "",
        left_of(node), middle_of(node) - node_height / 2, node_width, node_height, left_of(node) + node_width / 2,
        middle_of(node) + 4, html_escaped(candidate.id), 100 * candidate.score.value);
    width = std::max(width, left_of(node) + node_width + 8);
    height = std::max(height, middle_of(node) + 20);
  }
  const std::string rest = report.candidates.size() > most_nodes
                               ? fmt::format("<p>{} more are in the table.</p>", report.candidates.size() - most_nodes)
                               : "";
  return fmt::format(
      "<figure class=\"wide\"><svg style=\"width:{:.0f}px;max-width:none\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
      "aria-label=\"lineage of the candidates\">{}{}</svg>{}</figure>\n",
      width, width, height, edges, boxes, rest);
}

}  // namespace persona::prompt
