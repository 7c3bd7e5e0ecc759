//! The parts of the JSON Schema that no table says.
#pragma once

#include <string_view>

namespace persona {

//! The document.
inline constexpr std::string_view schema_frame = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:persona:spec:1",
  "title": "persona population specification",
  "description": "What is known about a population. The expression language and examples: docs/specification.md.",
  "type": "object",
  "required": ["persona", "attributes"],
  "additionalProperties": false,
  "properties": {
    "persona": {"const": 1, "description": "Version of this format."},
    "name": {"type": "string", "description": "What the population is called."},
    "description": {"type": "string", "description": "For people: source of the figures, assumptions."},
    "year": {"type": "integer", "minimum": 1000, "maximum": 9999,
             "description": "The year the figures hold for; ages become years of birth with it."},
    "attributes": {"type": "array", "minItems": 1, "maxItems": 10000, "items": {"$ref": "#/$defs/attribute"},
                   "description": "What each person has, in the order of the columns."},
    "segments": {"type": "array", "items": {"$ref": "#/$defs/segment"},
                 "description": "Parts of the population; each person is in exactly one, named by the attribute 'segment'."},
    "correlations": {"type": "array", "items": {"$ref": "#/$defs/correlation"},
                     "description": "How strongly pairs of attributes go together in the finished population."},
    "constraints": {"type": "array", "items": {"$ref": "#/$defs/constraint"},
                    "description": "What must hold of every person."}
  }
})json";

//! Its definitions, without those of the families.
inline constexpr std::string_view schema_parts = R"json({
  "name": {
    "description": "Letters, digits and _, not beginning with a digit.",
    "type": "string",
    "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
    "not": {"enum": []}
  },
  "label": {"type": "string", "minLength": 1},
  "labels": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/$defs/label"}},
  "weights_by_label": {
    "description": "A weight for each label, in place of categories and weights.",
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "number", "minimum": 0}
  },
  "expression": {
    "description": "In the expression language, over the other attributes.",
    "type": "string",
    "minLength": 1,
    "maxLength": 4096
  },
  "attribute": {
    "description": "One attribute of a person.",
    "type": "object",
    "required": ["name"],
    "anyOf": [{"required": ["distribution"]}, {"required": ["cases"]}],
    "additionalProperties": false,
    "properties": {
      "name": {"$ref": "#/$defs/name"},
      "description": {"type": "string", "description": "For people."},
      "unit": {"type": "string", "description": "years, USD/year, ..."},
      "distribution": {"$ref": "#/$defs/distribution", "description": "Where no case holds."},
      "cases": {
        "description": "Distributions among some people; the first case whose conditions all hold counts.",
        "type": "array",
        "items": {
          "type": "object",
          "required": ["when", "distribution"],
          "additionalProperties": false,
          "properties": {
            "when": {
              "description": "Attributes and what must hold of each.",
              "type": "object",
              "minProperties": 1,
              "additionalProperties": {"$ref": "#/$defs/condition"}
            },
            "distribution": {"$ref": "#/$defs/alternative"}
          }
        }
      },
      "truncate": {
        "description": "A closed range; the distribution is renormalised inside it.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": {
          "min": {"type": "number", "description": "Least value."},
          "max": {"type": "number", "description": "Largest value."}
        }
      },
      "round": {"type": "number", "minimum": 0, "description": "To a multiple of this; 0 is not at all."},
      "integer": {"type": "boolean", "description": "Whole numbers, kept as such."},
      "missing": {"type": "number", "minimum": 0, "maximum": 1, "description": "Share of people for whom it is not known."}
    }
  },
  "condition": {
    "oneOf": [
      {"type": "string", "description": "A label."},
      {"type": "boolean", "description": "Of a yes-or-no attribute."},
      {"$ref": "#/$defs/labels", "description": "One of these labels."},
      {
        "description": "A half-open range of numbers: from <= x < below.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": {"from": {"type": "number"}, "below": {"type": "number"}}
      }
    ]
  },
  "alternative": {
    "description": "A distribution; beside a categorical or ordinal attribute its family and labels may be left out.",
    "anyOf": [
      {"$ref": "#/$defs/distribution"},
      {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "family": {"enum": ["categorical", "ordinal"]},
          "weights": {
            "anyOf": [{"type": "array", "items": {"type": "number", "minimum": 0}}, {"$ref": "#/$defs/weights_by_label"}]
          },
          "scores": {"type": "array", "items": {"type": "number"}}
        }
      }
    ]
  },
  "segment": {
    "description": "A part of the population in which some attributes are spread differently.",
    "type": "object",
    "required": ["name", "weight"],
    "additionalProperties": false,
    "properties": {
      "name": {"$ref": "#/$defs/label"},
      "weight": {"type": "number", "exclusiveMinimum": 0, "description": "Share of people; need not sum to one."},
      "attributes": {
        "description": "Replaces the distributions of these attributes.",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/alternative"}
      }
    }
  },
  "correlation": {
    "type": "object",
    "required": ["between"],
    "oneOf": [{"required": ["pearson"]}, {"required": ["spearman"]}, {"required": ["kendall"]}],
    "additionalProperties": false,
    "properties": {
      "between": {
        "description": "Two attributes with numbers, ordered labels, or two labels.",
        "type": "array", "minItems": 2, "maxItems": 2, "uniqueItems": true, "items": {"type": "string"}
      },
      "pearson": {"type": "number", "minimum": -1, "maximum": 1, "description": "Of the values."},
      "spearman": {"type": "number", "minimum": -1, "maximum": 1, "description": "Of the mid-ranks."},
      "kendall": {"type": "number", "minimum": -1, "maximum": 1, "description": "tau-b."},
      "weight": {"type": "number", "exclusiveMinimum": 0,
                 "description": "How much it matters where not all can be had at once; 1 where left out."}
    }
  },
  "constraint": {
    "oneOf": [
      {"$ref": "#/$defs/expression"},
      {
        "type": "object",
        "required": ["expression"],
        "additionalProperties": false,
        "properties": {
          "expression": {"$ref": "#/$defs/expression"},
          "reason": {"type": "string", "description": "For people."}
        }
      }
    ]
  }
})json";

}  // namespace persona
