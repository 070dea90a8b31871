/// A form of conversations that can be asked for by name.
package struct BuiltInTemplate: Sendable {
    /// The name, as `--template` takes it.
    package let name: String
    /// The template in Jinja.
    package let source: String
}

/// The usual forms of conversations, for models whose files bring no template or a wrong one.
///
/// Each takes a system prompt: where models of that form have no place for one, it goes in front of the first message.
package enum BuiltInTemplates {
    /// The form for models that have no template: a transcript, as texts on the web have it.
    package static let plain = BuiltInTemplate(
        name: "plain",
        source: #"""
            {%- for message in messages -%}
                {{- '\n\n' if not loop.first -}}
                {{- {'user': 'User: ', 'assistant': 'Assistant: '}.get(message.role, '') -}}
                {{- message.content | trim -}}
            {%- endfor -%}
            {{- '\n\nAssistant:' if add_generation_prompt -}}
            """#)

    /// Every form, by name.
    package static let all: [BuiltInTemplate] = [
        BuiltInTemplate(
            name: "alpaca",
            source: #"""
                {%- for message in messages -%}
                    {{- '\n\n' if not loop.first -}}
                    {{- {'user': '### Instruction:\n', 'assistant': '### Response:\n'}.get(message.role, '') -}}
                    {{- message.content | trim -}}
                {%- endfor -%}
                {{- '\n\n### Response:\n' if add_generation_prompt -}}
                """#),
        BuiltInTemplate(
            name: "chatml",
            source: #"""
                {%- for message in messages -%}
                    {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' -}}
                {%- endfor -%}
                {{- '<|im_start|>assistant\n' if add_generation_prompt -}}
                """#),
        BuiltInTemplate(
            name: "gemma",
            source: systemFirst
                + #"""
                {{- bos_token | default('') -}}
                {%- for message in messages if message.role != 'system' -%}
                    {%- set lead = first.lead if loop.first else '' -%}
                    {{- '<start_of_turn>' ~ {'assistant': 'model'}.get(message.role, message.role) ~ '\n' -}}
                    {{- (lead ~ message.content) | trim ~ '<end_of_turn>\n' -}}
                {%- endfor -%}
                {{- '<start_of_turn>model\n' if add_generation_prompt -}}
                """#),
        BuiltInTemplate(
            name: "granite",
            source: #"""
                {%- for message in messages -%}
                    {{- '<|start_of_role|>' ~ message.role ~ '<|end_of_role|>' ~ message.content -}}
                    {{- '<|end_of_text|>\n' -}}
                {%- endfor -%}
                {{- '<|start_of_role|>assistant<|end_of_role|>' if add_generation_prompt -}}
                """#),
        BuiltInTemplate(
            name: "llama2",
            source: #"""
                {%- set first = namespace(lead='') -%}
                {%- for message in messages -%}
                    {%- if message.role == 'system' -%}
                        {%- set first.lead = '<<SYS>>\n' ~ message.content ~ '\n<</SYS>>\n\n' -%}
                    {%- elif message.role == 'user' -%}
                        {{- bos_token | default('') ~ '[INST] ' ~ (first.lead ~ message.content) | trim -}}
                        {{- ' [/INST]' -}}
                        {%- set first.lead = '' -%}
                    {%- else -%}
                        {{- ' ' ~ message.content | trim ~ ' ' ~ eos_token | default('</s>') -}}
                    {%- endif -%}
                {%- endfor -%}
                """#),
        BuiltInTemplate(
            name: "llama3",
            source: #"""
                {{- bos_token | default('') -}}
                {%- for message in messages -%}
                    {{- '<|start_header_id|>' ~ message.role ~ '<|end_header_id|>\n\n' -}}
                    {{- message.content | trim ~ '<|eot_id|>' -}}
                {%- endfor -%}
                {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' if add_generation_prompt -}}
                """#),
        BuiltInTemplate(
            name: "mistral",
            source: systemFirst
                + #"""
                {{- bos_token | default('') -}}
                {%- for message in messages if message.role != 'system' -%}
                    {%- set lead = first.lead if loop.first else '' -%}
                    {%- if message.role == 'user' -%}
                        {{- '[INST] ' ~ lead ~ message.content ~ ' [/INST]' -}}
                    {%- else -%}
                        {{- message.content ~ eos_token | default('</s>') -}}
                    {%- endif -%}
                {%- endfor -%}
                """#),
        BuiltInTemplate(
            name: "phi3",
            source: #"""
                {%- for message in messages -%}
                    {{- '<|' ~ message.role ~ '|>\n' ~ message.content ~ '<|end|>\n' -}}
                {%- endfor -%}
                {{- '<|assistant|>\n' if add_generation_prompt -}}
                """#),
        plain,
        BuiltInTemplate(
            name: "vicuna",
            source: #"""
                {%- for message in messages -%}
                    {%- if message.role == 'assistant' -%}
                        {{- ' ASSISTANT: ' ~ message.content | trim ~ eos_token | default('</s>') -}}
                    {%- elif message.role == 'user' -%}
                        {{- ' ' if loop.previtem is defined and loop.previtem.role == 'system' -}}
                        {{- 'USER: ' ~ message.content | trim -}}
                    {%- else -%}
                        {{- message.content | trim -}}
                    {%- endif -%}
                {%- endfor -%}
                {{- ' ASSISTANT:' if add_generation_prompt -}}
                """#),
        BuiltInTemplate(
            name: "zephyr",
            source: #"""
                {%- for message in messages -%}
                    {{- '<|' ~ message.role ~ '|>\n' ~ message.content ~ eos_token | default('</s>') ~ '\n' -}}
                {%- endfor -%}
                {{- '<|assistant|>\n' if add_generation_prompt -}}
                """#),
    ]

    /// Sets `first.lead` to what a system prompt puts in front of the first message.
    private static let systemFirst = #"""
        {%- set first = namespace(lead='') -%}
        {%- for message in messages if message.role == 'system' -%}
            {%- set first.lead = first.lead ~ message.content ~ '\n\n' -%}
        {%- endfor -%}

        """#

    /// Returns the form called `name`.
    package static func named(_ name: String) -> BuiltInTemplate? {
        all.first { $0.name == name }
    }
}
