import { portugueseHints } from './pt-hints.ts';
import { portugueseRefusals } from './pt-refusals.ts';
import type { LanguageRules } from './rules.ts';

const day =
  '(?:hoje|amanha|depois de amanha|segunda|terca|quarta|quinta|sexta|segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira|semana que vem|proxima semana|esta semana)';
const time =
  '(?:as? \\d{1,2}(?:[:h]\\d{0,2})?|\\d{1,2}:\\d\\d|\\d{1,2} ?(?:h|hs|hrs|horas)\\d{0,2}|de manha|da manha|de tarde|da tarde|a tarde|pela manha|meio-dia|meio dia)';
const thing =
  '(?:infos?|informacao|informacoes|detalhes?|documentacao|catalogo|orcamento|precos?|valores|tabela|proposta|cotacao|apresentacao|demo|material|materiais|exemplos?|folheto|link|portfolio|contrato|casos? de sucesso|referencias)';

export const portuguese: LanguageRules = {
  language: 'pt',
  words:
    'segunda terca quarta quinta sexta o a os as de do da dos das e nao nos me meu minha seu sua voces voce para com por que uma um em ao no na muito ja mais mas como esta este estou estamos temos obrigado obrigada ola bom dia boa tarde abraco qual quando onde ate sim gostaria tem pelo pela email e-mail isso eu ele ela sao foi ser',
  negators: 'nao|nunca|jamais|nenhum|nenhuma|sem|nem|nada|tampouco',
  contrast: 'mas|porem|contudo|entretanto|embora|porque|pois|entao|no entanto',
  doubt: 'nao sei se|nao tenho certeza (?:se|de que)|se (?:voce|voces|o senhor|quiser)|caso',
  forNow:
    'no momento|neste momento|nesse momento|por agora|por enquanto|atualmente|agora|de momento|este ano|esse ano|ainda|hoje|para ja',
  formerly: 'no inicio|inicialmente|ate agora|antes|anteriormente|a principio|nao conhecia',
  urgent: 'urgente|urgentes|urgencia|urgencias|na minha ausencia|durante (?:a )?minha ausencia',
  asks: 'qual|quais|como|quando|quanto|quanta|quantos|onde|quem|por que|porque|voces tem|voce tem|tem (?:algum|alguma|como|integracao|versao)|e possivel|da para|funciona|o que|integra|integram|oferecem',
  occasions: {
    places: 'congresso|feira|formacao|treinamento|evento|conferencia|seminario',
    present: 'estou|estarei|estaremos|estamos|esta|encontro-me|me encontro|encontrar-me-ei|atualmente',
    meets:
      'vejo (?:voce|voces)|nos vemos|ver (?:voce|voces)|ve-l[oa]s?|conhec\\w+|encontrar (?:voce|voces)|nos encontr\\w+|visit\\w+|estande|stand',
  },
  plans: {
    when: '(?:vou|irei|iremos)(?: \\S+)? (?:ler|ver|olhar|analisar|verificar|estudar|discutir|avaliar|dar uma olhada)|vamos(?: \\S+)? (?:ler|ver|olhar|analisar|verificar|estudar|avaliar)|leio|lerei|leremos|analisarei|analisaremos|verificarei|discutiremos|avaliaremos|responderei|retornarei|retornaremos|aviso|avisarei|avisamos|avisaremos',
    unless:
      'lig\\w+|chamada|reuniao|conversar|conversa|falar|falamos|call|video\\w*|zoom|teams|disponivel|livre|agenda|com (?:voce|voces|o senhor|a senhora)|juntos|marc\\w+|convite|demo|encontr\\w+|horarios?',
  },
  back: '(?:de )?(?:volta|regresso|retorno)(?: ao (?:escritorio|trabalho))?(?: no dia| em| dia| a partir de)*|volto(?: ao (?:escritorio|trabalho))?|voltarei(?: ao (?:escritorio|trabalho))?|regresso|regressarei|retorno|retornarei|retornando|a partir d[eo](?: dia)?|disponivel (?:novamente )?(?:a partir|em|no dia)|reabriremos|reabrimos|responderei|respondo|responderemos|leio|lerei|voltamos|voltaremos|retornamos|retomarei|retomo',
  until: 'ate(?: ao?)?(?: o)?(?: dia)?|a|ao|-|–|—',
  inclusive: 'inclusive|inclusivamente|incluido|-|–|—',
  untilIsInclusive: true,
  months: [
    'jan(?:eiro)?',
    'fev(?:ereiro)?',
    'mar(?:co)?',
    'abr(?:il)?',
    'maio?',
    'jun(?:ho)?',
    'jul(?:ho)?',
    'ago(?:sto)?',
    'set(?:embro)?',
    'out(?:ubro)?',
    'nov(?:embro)?',
    'dez(?:embro)?',
  ],
  weekdays: [
    'segunda(?:-feira)?',
    'terca(?:-feira)?',
    'quarta(?:-feira)?',
    'quinta(?:-feira)?',
    'sexta(?:-feira)?',
    'sabado',
    'domingo',
  ],
  tomorrow: 'amanha',
  afterTomorrow: 'depois de amanha',
  nextWeek: 'semana que vem|proxima semana',
  next: 'proxima|proximo',
  rules: [
    ...portugueseRefusals,
    ...portugueseHints,
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:ja nao|nao)(?: \\S+)? (?:trabalh\\w+|faz parte|faco parte|pertenc\\w+|integra|esta|estou|colabora)(?: \\S+)? ?(?:mais|aqui|conosco|connosco|na empresa|da empresa|na companhia|com a gente|nesta empresa|na equipe|da equipa|ao quadro)',
        '(?:sai|saiu|deixei|deixou|me desliguei|se desligou|desligou-se|desliguei-me|foi desligad\\w+|vou sair|vai sair|estou saindo|estou de saida|fui desligad\\w+)(?: \\S+){0,3} ?(?:empresa|companhia|organizacao|cargo|funcao|nossa|$)|aposent\\w+|reformou-se|reformei-me|reformad[oa]|falec\\w+|meu ultimo dia|ultimo dia (?:na|de)|(?:meu|seu|sua|minha) (?:sucessor\\w*|substitut\\w+)|(?:assumiu|assume|assumira)(?: \\S+)? (?:meu|seu|o|a minha|a sua|minha|sua) (?:lugar|cargo|funcao|posicao|funcoes|area)|ex-(?:colaborador|funcionari|colega)\\w*|nao esta mais',
      ],
      unless: ['na minha ausencia', 'nao (?:estou|esta) mais interessad'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'nao (?:sou|e|somos|seria)(?: \\S+){0,2} (?:a pessoa (?:certa|indicada|correta|responsavel|adequada|que)|o (?:responsavel|contato|contacto|interlocutor|indicado|certo|decisor)|a (?:responsavel|indicada|pessoa)|responsavel|quem|eu|comigo|minha (?:area|funcao|responsabilidade)|a minha (?:area|funcao)|da minha (?:area|competencia|responsabilidade)|meu (?:departamento|setor)|o meu (?:departamento|pelouro))',
        '(?:pessoa|contato|contacto|departamento|endereco|destinatario|setor) (?:errad\\w+|incorret\\w+)|enganou-se|se enganou|engano|(?:eu )?nao (?:trato|cuido|me ocupo|lido|decido|gerencio|giro|trabalho com|mexo|tenho a ver|respondo)(?: \\S+){0,3} ?(?:assunto|assuntos|disso|isso|com isso|dessa|desse|deste|desta|area|tema|decisoes|por|$)',
        '(?:fale|falem|falar|fala|contacte|contate|contatar|contactar|entre em contato|entrar em contato|entre em contacto|escreva|escrever|procure|procurar|dirija-se|dirigir-se|encaminhe|encaminhar|pergunte|consulte|converse|conversar)(?: \\S+){0,4}? (?:com|para|a|ao|o|de) (?!(?:mim|meu|agenda|uma|dia|as)\\b)(?:o |a |nosso |nossa |meu |minha )?(?:[a-z]+(?: [a-z]+)?[,.(]|[a-z]+ [a-z]+|[a-z]+|\\S+@)',
        '(?:contacte|contate|procure) (?:o|a|nosso|nossa|meu|minha) \\w+',
        '(?:quem|isso|isto|esse assunto|este assunto|esse tema|essa area|disso|assunto)(?: \\S+){0,2} (?:cuida|trata|decide|resolve|gerencia|gere|responde|ve|e com|e da|e do|e tratado|e de|fica|esta com|e responsabilidade)(?: \\S+){0,4} ?(?:e|a|o|nosso|nossa|meu|minha|com|pelo|pela|da|do|departamento|setor|[a-z]+)|(?:o|a) responsavel (?:por isso |pelo assunto |por essa area |pela area |pelo \\w+ |por \\w+ )?e ',
        '(?:encaminhei|encaminho|encaminhando|encaminhar|repassei|repasso|repassando|reencaminhei|reencaminho|passei|passo|copio|coloco|copiei|copiando|coloquei|reenviei)(?: \\S+){0,6} (?:para|ao|a|em copia|copia|com|meu|minha|o|colega)|em copia',
      ],
      unless: ['vou (?:falar|conversar|ver|perguntar)', 'na minha ausencia', 'urgen', 'quem (?:seria|e) o'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:estou|estarei|estaremos|estamos|esta|encontro-me|me encontro|encontrar-me-ei|atualmente)(?: \\S+){0,4} (?:fora do escritorio|fora|de ferias|em ferias|ausente|de viagem|em viagem|viajando|de licenca|em licenca|de baixa|afastad\\w+|em licenca-maternidade|fechad\\w+|de folga|indisponivel|a viajar|em recesso|sem acesso|em evento|em formacao|num evento)',
        'fora do escritorio|(?:licenca|baixa) (?:maternidade|paternidade|medica|de maternidade|de paternidade|parental)|licenca-(?:maternidade|paternidade)|(?:escritorio|empresa)(?: \\S+){0,3} (?:fechad\\w+|encerrad\\w+|em recesso)|acesso limitado|(?:volto|voltarei|regresso|regressarei|retorno|retornarei)(?: \\S+)? (?:ao escritorio|ao trabalho|no dia|em|dia|a partir)|no meu (?:regresso|retorno)|(?:em|de) ferias|^ausente',
      ],
      unless: ['depois das ferias', 'apos as ferias', 'fora d[ao] (?:orcamento|escopo|nosso)'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:resposta|mensagem|e-?mail|confirmacao)(?: \\S+)? automatic[oa]|gerad[oa] automaticamente|enviad[oa] automaticamente|automaticamente|confirmacao de recebimento|aviso de recepcao',
        '(?:recebemos|recebida|recebido|foi recebid[oa]|foi registrad[oa]|foi registad[oa]|registramos|registamos|foi criad[oa]|foi abert[oa])(?: \\S+)? ?(?:a sua|o seu|sua|seu|com sucesso|sob|com o|a tua|$)|(?:sua|seu) (?:solicitacao|mensagem|pedido|chamado|contato|contacto|e-?mail|ticket|consulta)(?: \\S+){0,3} (?:recebid\\w+|registrad\\w+|registad\\w+|criad\\w+|abert\\w+)|(?:numero|ticket|protocolo|chamado|referencia)(?: d[eo] \\w+)?(?: \\S+)? (?:e|n[uº]|#|\\d)',
        '(?:responderemos|retornaremos|entraremos em contato|entraremos em contacto|respondera|retornara|entrara em contato|daremos retorno|contactaremos)(?: \\S+){0,5} ?(?:possivel|breve|brevidade|horas|prazo|dias?|uteis|$)|obrigad[oa] (?:por|pelo) (?:seu |entrar em |nos )?(?:contactar|contatar|contato conosco|escrever)|nao responda(?: \\S+){0,4}',
      ],
      unless: ['recebemos .{0,30} mas'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        'interess\\w*|curiosidade|curios[oa]s?|me agrad\\w+|gostei|gostamos|adorei|encaixa|faz sentido|util|relevante|atraente|oportun\\w+|vem a calhar',
        '(?:parece|soa|achei|achamos)(?:-me|-nos)?(?: \\S+)? (?:bem|bom|boa|otimo|otima|interessante|util|legal|excelente|perfeito|promissor)|(?:estamos|estou) (?:buscando|procurando|a procura|a procurar|precisando|em busca)|procuramos|precis\\w+|(?:quero|queremos|gostaria|gostariamos|queria|queriamos|adoraria|podia|pode)(?: \\S+)? (?:saber|conhecer|testar|experimentar|ver|receber|ter|entender|avaliar)(?: \\S+){0,2} ?(?:mais|informac\\w+|detalhes|demo|proposta|$)?',
      ],
      unless: [
        '(?:seu|vosso) interesse',
        'receber (?:mais|estes|esses) (?:e-?mails|mensagens)',
        'conflito de interesse',
        'advogad',
        'parece spam',
      ],
    },
    {
      class: 'interested',
      when: [
        `(?:envi\\w+|mand\\w+|passe|passa|compartilh\\w+|partilh\\w+|encaminh\\w+|apresent\\w+|receber|ter|disponibiliz\\w+|me passa|faca)(?:-me|-nos)?(?: \\S+){0,5} ${thing}`,
        '(?:conte|conta|diga|diz|fale|explique|explica)(?:-me|-nos)?(?: \\S+)? mais|mais (?:informacoes|informacao|info|detalhes|dados)|proximos passos|^sim, (?!mas)|^(?:sim|claro|com certeza|pode ser|por que nao|perfeito|com prazer|otimo|combinado|sim por favor|pode enviar|pode mandar|sim claro|quero sim|quero)(?: (?:por favor|obrigad[oa]|pode|enviar|mandar|claro|sim|tenho interesse))*$|como (?:comecamos|comecar|contratar|contratamos|prosseguimos|proceder|funciona a contratacao)|quero (?:contratar|testar|comecar)|teste gratuito|periodo de teste',
      ],
      unless: ['em copia', 'nao'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:ja nao|nao) (?:esta|estou|se encontra|pertence|trabalha|trabalho|faz parte)(?: \\S+){0,3} ?(?:mais|empresa|connosco|conosco|aqui)|(?:mudou|mudei|trocou|troquei) de (?:empresa|emprego|trabalho)|(?:deixou|deixei|saiu|sai) (?:d?a empresa|d?a companhia|o cargo|d?a organizacao)|foi demitid\\w+|pediu demissao|demiti-me|novo (?:emprego|trabalho|empregador)|ninguem com esse nome|ex-funcionari\\w+',
      ],
      unless: ['nao (?:esta|estou) (?:mais )?(?:interess|disponivel|a procura)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:tem de|tem que|teria que|teria de|deve|deveria|precisa|melhor|devem|tera de)(?: \\S+)? ?(?:falar|contactar|contatar|conversar|escrever|perguntar|tratar|ver|consultar)(?: \\S+)? (?:com|para|a|ao) (?!(?:mim|nos)\\b)\\S+(?: \\S+)?|(?:sou|eu sou) (?:so|apenas|somente)(?: \\S+){1,3}|quem (?:ve|trata|cuida|decide|resolve|compra|gere|faz|manda)(?: \\S+){0,3} (?:e|isso|isto)(?: \\S+){0,3}|nao (?:decido|compro|e comigo|e minha (?:area|decisao|funcao)|tenho (?:poder|autonomia|autoridade))|(?:decisao|assunto|tema) (?:e )?(?:da|do|com) (?:a |o )?(?:nossa|nosso|minha|meu|matriz|sede|diretoria|departamento)(?: \\S+)?|mudei de (?:area|departamento|setor)',
      ],
      unless: [
        'na minha ausencia|urgen',
        'quem (?:e|seria)\\b',
        '(?:segunda|terca|quarta|quinta|sexta|amanha) (?:as|de|a)',
      ],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:exatamente|justamente|precisamente|mesmo|e)(?: isto| isso)?(?: o)? (?:o )?que (?:procur\\w+|precis\\w+|queri\\w+|busc\\w+)|(?:quanto|qual seria o preco|que preco)(?: \\S+){0,4} para \\d+(?: \\S+)?$|(?:fiquei|estou|ficamos) (?:curios\\w+|interess\\w+|empolgad\\w+)|(?:tem|voces tem|teria|tens)(?: \\S+)? (?:pdf|folheto|catalogo|apresentacao|demo|video|tabela)|(?:meu|minha|nosso|nossa) (?:chefe|equipe|equipa|diretor\\w*|gestor\\w*)(?: \\S+){0,3} (?:interess\\w+|quer|gostou)|pode contar|podem contar|quero experimentar|vamos em frente|vamos avancar',
      ],
      unless: ['nao ', 'descadastr', 'remov'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '^de ferias|^(?:volto|regresso|de volta)(?: \\S+)? (?:no|na|em|dia|segunda|terca|quarta|quinta|sexta|\\d)|(?:demora|demorar|atraso)(?: \\S+){0,3} (?:responder|resposta)|estarei fora',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:atendentes?|equipe|equipa|consultor\\w*|representante|assistente|colaborador\\w*|agente)(?: \\S+){0,4} (?:responder\\w*|contactar\\w*|contatar\\w*|atender\\w*|retornar\\w*|entrar\\w* em contato)|em breve|horario de (?:atendimento|funcionamento)|confirmamos (?:o )?recebimento',
      ],
      unless: ['nao (?:nos|me|temos|tenho|estamos) interess|nao temos interesse|da nossa parte'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        '(?:pode|podem|poderia|talvez)(?: \\S+){0,2} (?:servir|encaixar|funcionar|valer|ajudar|interessar|ser util)(?:-nos)?(?: \\S+)?|(?:estou|estamos) abert\\w+ a|preco (?:minimo|base|para \\d)|(?:que|quais) (?:dados|informacoes) (?:precisa\\w*|necessita\\w*)|vamos testar|quero testar|criem? (?:um )?acesso',
      ],
      unless: ['nao '],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:mand|envi|pass|compartilh|mostr)\\w*(?:-me|-nos)?(?: \\S+){0,2} (?:o que|tudo o que) (?:tiver\\w*|tem|tenham|tens)|(?:comparar|comparando|avaliando|avaliar|estudando|analisando|pesquisando)(?: \\S+){0,2} (?:opcoes|solucoes|fornecedores|alternativas|ferramentas|propostas)',
      ],
      unless: ['nao '],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: ['nao depende de mim|nao e (?:decisao minha|minha decisao)|pergunt\\w+ (?:a|ao|para)(?: \\S+){1,2}'],
      unless: ['urgen|ausencia'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:mensagem|solicitacao|pedido|e-?mail)(?: \\S+){0,2} (?:chegou|foi|deu entrada)(?: \\S+){0,4}|(?:referencia|protocolo) ?:? ?\\S{0,4}\\d{2,}',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:poderia|posso|podemos|poderiamos|tenho|consigo)(?: \\S+){0,3} (?:segunda|terca|quarta|quinta|sexta|amanha)|entre as? \\d+\\S* e as? \\d',
      ],
      unless: ['ferias|ausente|nao (?:posso|consigo)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'nao decid\\w+ (?:nada|isso|sobre)|(?:sou|eu sou|so sou) (?:\\S+ )?(?:externo|externa|estagiari[oa]|terceirizad[oa]|prestador\\w*|freelancer)|(?:dirij\\w+|escrev\\w+|envi\\w+|mand\\w+|contact\\w+|encaminh\\w+|fal\\w+)(?:-se)?(?: \\S+){0,3} \\S+@\\S+',
      ],
      unless: ['urgen|na minha ausencia', '(?:envi|mand)\\w+-me|me (?:envi|mand)'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:ja nao|nao) esta(?: mais)?(?: (?:ca|aqui|connosco|conosco))?$|(?:caixa|conta|e-?mail)(?: \\S+){0,4} (?:fechad|desativad|encerrad|eliminad)\\w+',
      ],
      unless: ['interess|disponivel'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:grande|alto|elevado)(?: \\S+)? (?:volume|numero|quantidade) de(?: \\S+)?|(?:resposta|tempo de resposta|retorno)(?: \\S+){0,3} (?:demorar|tardar|atras\\w+|maior)|agradecemos (?:a )?(?:sua|tua)? ?(?:paciencia|compreensao)|no-?reply',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:melhor|prefiro|preferia)(?: \\S+)? (?:por telefone|pessoalmente|ao telefone|falar|uma chamada|uma ligacao)|(?:passe|venha|visite|venham)(?: \\S+){0,3} (?:escritorio|nosso|nossa|aqui)|(?:mudar|remarcar|adiar|antecipar)(?: \\S+){0,3} (?:reuniao|chamada|hora|para|as)|(?:quando|que horas) (?:pode|podes|podemos|podem|falamos|fica)',
      ],
      unless: ['ferias|ausencia|escritorio ate'],
    },
    {
      class: 'meeting_request',

      when: [
        `(?:ligue|liga|ligar|ligue-me|liga-me|me ligue|me liga|me ligar|telefone|telefonar|telefone-me|chame)(?: \\S+){0,6} (?:${day}|${time}|no \\d|para o|no meu|quando|antes|depois|entre|no celular|no telemovel|no numero)|me ligue|ligue-me|me liga|pode(?:m)? me ligar|podem? ligar-me`,
        `(?:podemos|poderiamos|podes|pode|podem|vamos|que tal|marcar|marcarmos|marcamos|agend\\w+|falamos|falarmos|conversar|conversamos|conversarmos|reunir|reunimos|reunirmos|combin\\w+|fazer|ter|sugir\\w+|suger\\w+|propo\\w+|topo|bora|aceito)(?: \\S+){0,6} (?:conversar|conversa|falar|reuniao|chamada|call|videochamada|video|ligacao|demo|demonstracao|bate-papo|papo|${day}|${time}|teams|zoom|meet|cafe|horario)`,
        `(?:${day}|${time})(?: \\S+){0,6} (?:funciona|serve|da|pode ser|posso|podemos|disponivel|livre|perfeito|bom|boa|otimo|ok|esta bem|convem|seria|tenho)|(?:estou (?:livre|disponivel)|tenho (?:agenda|disponibilidade|horario|tempo)|disponibilidade|posso|consigo)(?: \\S+){0,4} (?:${day}|${time})`,
        '(?:envi\\w+|mand\\w+|pass\\w+|sugir\\w+|propo\\w+)(?:-me)?(?: \\S+){0,3} (?:convite|horarios?|datas?|agenda|calendario|disponibilidade|link da reuniao|invite)|(?:quando|que dia|que horas|qual horario|qual o melhor horario)(?: \\S+){0,4} (?:falar|conversar|ligar|reunir|livre|disponivel|bom|melhor|podemos|pode)|(?:minha|da minha|na minha) agenda|meu calendario|meu calendly|link (?:da|para) (?:minha )?agenda|marcarmos|(?:marcar|agendar) (?:uma |um )?(?:reuniao|call|conversa|chamada|horario|demo)',
      ],
      unless: ['ferias', 'fora do escritorio', 'na minha ausencia', 'semestre', 'trimestre'],
    },
  ],
};
