import type { Language } from './language.ts';

export const pt: Language = {
  greetings: ['Olá, NAME,', 'Bom dia, NAME,', 'Boa tarde, NAME,', 'Oi, NAME,', 'NAME, bom dia,'],
  greetingsWithoutName: ['Olá,', 'Bom dia,', 'Boa tarde,', 'Olá de novo,', 'Oi,'],
  closings: ['Um abraço', 'Cumprimentos', 'Atenciosamente', 'Obrigado e até breve', 'Até logo', 'Saudações'],
  openers: [
    'Espero que a semana tenha começado bem. ',
    'Obrigado pela mensagem do outro dia. ',
    'Queria escrever mais cedo, mas a manhã foi cheia. ',
    'Só para não me esquecer. ',
    'Já estou de volta ao escritório. ',
    'Como prometido, umas linhas. ',
    'É uma coisa rápida. ',
    '',
  ],
  endings: [
    '',
    ' Obrigado desde já.',
    ' Basta uma resposta curta.',
    ' Estou cá até às cinco.',
    ' Tenha um bom dia.',
    ' Não é preciso telefonar.',
  ],
  topics: [
    {
      subject: '{Notas|Resumo|Anotações} da {chamada|reunião|manhã}',
      body: '{Aqui está|Segue} o que {anotei|escrevi}: {começamos|iniciamos} pela parte mais {curta|simples} e {vemos|discutimos} o resto {na próxima semana|na quinta-feira|depois do fim de semana}. {Falta alguma coisa?|Esqueci algum ponto?}',
      reply:
        '{Obrigado|Muito obrigado}, está {completo|tudo}. {Só acrescentaria|Eu acrescentaria} a data {do rascunho|da primeira versão}. {Sexta-feira|Quarta-feira|O dia 20} serve para mim.',
    },
    {
      subject: '{Mudança da|Novo horário da} nossa {reunião|chamada|conversa}',
      body: 'Surgiu {um imprevisto|uma coisa} e preciso {mudar|adiar} a nossa reunião. {Terça|Quinta|Quarta}-feira de {manhã|tarde} {seria possível|dá para você}? {Meia hora|Trinta minutos} {chega|deve bastar}.',
      reply: 'Sem problema, {combinado|para mim está bem}. Já {mudei|anotei} na agenda. {Até lá|Falamos então}.',
    },
    {
      subject: '{Pergunta|Uma pergunta|Dúvida} sobre {o orçamento|a vossa proposta}',
      body: 'Estou a {ler|rever} o orçamento e {gostava de saber|pergunto} se {o transporte|o serviço} está {incluído|no preço}. {Se não|Caso contrário}, {podem pôr|ponham} {à parte|como opção}, por favor.',
      reply:
        'Está incluído {no primeiro ano|na primeira encomenda}. {Depois|A partir daí} é faturado {uma vez por ano|à parte}. Vou {esclarecer|escrever} isso {no documento|na próxima versão}.',
    },
    {
      subject: '{O rascunho|O novo texto} {está pronto|já pode ser lido}',
      body: 'O texto está {terminado|pronto} na pasta {habitual|partilhada}. {Veja sobretudo|Tenho dúvidas sobre} a {segunda|terceira|última} página: os números {precisam de|pedem} {mais uma frase|uma breve explicação}. {Não há pressa|Sem pressa}.',
      reply:
        'Já li {ao almoço|com calma} e está {claro|bem escrito}. Deixei {dois|três} comentários {na margem|junto dos números}, {nada de grave|coisas pequenas}.',
    },
    {
      subject: '{Viagem|Comboio|Chegada} de {segunda|terça|quinta}-feira',
      body: 'Vou no comboio das {oito|sete e meia|nove} e chego {antes do meio-dia|por volta das onze}. {Almoçamos antes|Tem tempo para um café}?',
      reply:
        '{Com gosto|Boa ideia}. Há um sítio {calmo|pequeno} {perto da estação|ao virar da esquina}. {Ligue|Mande mensagem} quando chegar.',
    },
    {
      subject: '{Encomenda|Entrega} {da semana passada|de segunda-feira|do dia 12}',
      body: 'As {caixas|amostras} chegaram {ontem|esta manhã}, {obrigado|muito obrigado}. Uma é mais {pequena|clara} do que o {previsto|pedido}. {Devolvo|Mando de volta} ou {ficamos com ela|usamos assim mesmo}?',
      reply:
        '{Peço desculpa|Lamento}. {Podem ficar com ela|Não é preciso devolver}; a certa segue {hoje|na próxima entrega}.',
    },
    {
      subject: '{Fotos|Fotografias} para {o folheto|a nova página|o site}',
      body: '{Faltam-nos|Precisamos de} {duas|três|algumas} fotografias para o folheto. As {da oficina|do verão passado} {ficavam|serviam} bem. Ainda as tem {em tamanho grande|com boa resolução}?',
      reply: '{Encontrei-as|Ainda as tenho}. {Coloco|Ponho} tudo na pasta {hoje à noite|esta tarde}.',
    },
    {
      subject: '{Férias|Substituição} em {maio|julho|agosto|outubro}',
      body: 'Vou estar fora {duas semanas|dez dias} em {julho|agosto|outubro}. {Podia ficar com|Fica com} o {relatório semanal|ponto de segunda-feira}, como {da outra vez|no ano passado}? Deixo {tudo|as listas} {em ordem antes|em ordem antes de sair}.',
      reply: '{Claro|Com certeza}. {Deixe-me|Envie-me} os {números|contactos}, e {bom descanso|boas férias}.',
    },
    {
      subject: '{A sua apresentação|A oficina} de {quinta|quarta}-feira',
      body: 'Gostei da apresentação, {sobretudo|em especial} da parte {dos custos|do planeamento|do primeiro ano}. {Pode enviar-me|Partilha} os diapositivos? {Uma colega|A minha equipa} também os quer {ler|ver}.',
      reply:
        '{Fico contente|Obrigado}. Envio {amanhã|assim que voltar}. {Perguntas são bem-vindas|Pergunte à vontade}.',
    },
    {
      subject: '{Contrato|Acordo}: {um detalhe|o último ponto}',
      body: 'O contrato está {quase|praticamente} pronto. Só {falta|resta} {o prazo|a data de início|a morada}. O que {prefere|propõe}? {Depois|A seguir} imprimo as duas cópias.',
      reply:
        '{Fiquemos com|Eu punha} {os três meses do costume|o dia um}. {De resto|No resto} {está tudo bem|não mudo nada}.',
    },
    {
      subject: 'A impressora {do escritório|da sala de reuniões|de cima}',
      body: 'A impressora {para|faz barulho} {outra vez|a cada página}. Lembra-se de quem a {arranjou|reviu} {na primavera|da última vez}? Eu ligava {hoje|amanhã}.',
      reply:
        'Foi {a loja|a empresa} {em frente|junto à ponte}. {O número|O cartão} está {na gaveta|na tampa}. {Costumam vir|Vêm} no mesmo dia.',
    },
    {
      subject: '{Ideias|Sugestões} para {o passeio|o boletim|o dia da equipa}',
      body: 'Estou a juntar {ideias|sugestões} para o passeio. {Por agora|Até agora} há {uma visita|um curso de cozinha} e {um concurso|algo ao ar livre}. {O que lhe agrada|Tem preferência}? {Duas palavras|Umas notas} bastam.',
      reply:
        '{Algo ao ar livre|A visita} {parece-me bem|seria a minha escolha}. {Se chover|Com chuva}, o museu fica {perto|ao lado}.',
    },
  ],
};
